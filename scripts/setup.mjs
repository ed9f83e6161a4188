// Makes a clone ready to run: installs the packages of the lockfile and builds dist, each only when needed.
// It runs in front of `npm test` and `npm run demo`, so it needs no package itself, prints nothing when there is
// nothing to do, and may run several times at once.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, fingerprint } from './lib/fingerprint.mjs';
import { root } from './lib/root.mjs';

const LOCKFILE = ['package-lock.json'];
const SOURCES = ['package.json', 'package-lock.json', 'src', 'schemas', 'scripts'];
const BUILT = ['dist', 'src/core/model/generated'];
const STAMPS = 'node_modules/.cache/heliostat-setup';

const platform = `${process.platform} ${process.arch} node ${process.versions.node.split('.')[0]}`;

if (!(await isReady())) {
  const { withLock } = await import('./lib/lock.mjs');
  await withLock(join(root, '.setup.lock'), makeReady, ({ pid }) =>
    say(`Waiting for the set-up that process ${pid} is running.`),
  ).catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
}

/** True without taking the lock if nothing at all was touched: the usual case, and a fast one. */
async function isReady() {
  const installed = readStamp('install');
  const built = readStamp('build');
  return (
    installed?.platform === platform &&
    (await compare(root, LOCKFILE, installed.lockfile)) === 'same' &&
    built !== undefined &&
    (await compare(root, SOURCES, built.sources)) === 'same' &&
    (await compare(root, BUILT, built.outputs)) === 'same'
  );
}

async function makeReady() {
  const installed = readStamp('install');
  const lockfile = await compare(root, LOCKFILE, installed?.lockfile);
  if (installed?.platform !== platform || lockfile === 'changed') await install();
  if (lockfile !== 'same') writeStamp('install', { platform, lockfile: await fingerprint(root, LOCKFILE) });

  const built = readStamp('build');
  const sources = await compare(root, SOURCES, built?.sources);
  const outputs = await compare(root, BUILT, built?.outputs);
  if (sources !== 'changed' && outputs !== 'changed') {
    if (sources === 'touched' || outputs === 'touched') await stampBuild(await fingerprint(root, SOURCES));
    return;
  }
  // Taken before the build: what is edited while it runs will count as changed.
  const before = await fingerprint(root, SOURCES);
  removeStamp('build');
  await run('build', process.execPath, [join(root, 'scripts/build.mjs')], process.env);
  await stampBuild(before);
}

async function stampBuild(sources) {
  writeStamp('build', { sources, outputs: await fingerprint(root, BUILT) });
}

async function install() {
  removeStamp('install');
  say('Installing the packages of package-lock.json, once …');
  // npm tells its children its own settings by npm_* variables, and NODE_ENV=production leaves out the tools.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') && name !== 'NODE_ENV'),
  );
  // No package needs its install script here, so none runs.
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  await run('npm ci', command, [...first, ...args], env);
}

/** Runs a command quietly; what it said is shown only if it failed. */
async function run(name, command, args, env) {
  const { spawn } = await import('node:child_process');
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  await new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    child.on('close', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${said.trimEnd()}\n${name} ended with ${signal ?? code}.`)),
    );
  });
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function stampPath(name) {
  return join(root, STAMPS, `${name}.json`);
}

function readStamp(name) {
  try {
    return JSON.parse(readFileSync(stampPath(name), 'utf8'));
  } catch {
    return undefined; // missing or torn: the work is done again
  }
}

function writeStamp(name, stamp) {
  mkdirSync(join(root, STAMPS), { recursive: true });
  writeFileSync(stampPath(name), JSON.stringify(stamp));
}

function removeStamp(name) {
  rmSync(stampPath(name), { force: true });
}
