// Everything that can be judged without running Heliostat, as one table.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { generate } from './generate.mjs';
import { root } from './lib/root.mjs';

const bin = (path) => join(root, 'node_modules', path);
const CHECKS = [
  { name: 'types', command: [join(root, 'scripts/typecheck.mjs')], fix: 'npm run typecheck' },
  { name: 'lint', command: [bin('eslint/bin/eslint.js'), '.'], fix: 'npm run lint' },
  { name: 'import rules', command: [join(root, 'scripts/depcruise.mjs')], fix: 'npm run depcruise' },
  { name: 'format', command: [bin('prettier/bin/prettier.cjs'), '--check', '.'], fix: 'npm run format' },
  { name: 'reproducible build', command: [join(root, 'scripts/reproducible.mjs')], fix: 'npm run build' },
];
const AT_ONCE = 2;

await generate();
const results = await runAll();
for (const { name, ok, output } of results) if (!ok) console.log(`\n${name}:\n${output.trimEnd()}`);
console.log(`\n${results.map(row).join('\n')}`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

async function runAll() {
  const waiting = CHECKS.map((check, index) => ({ check, index }));
  const results = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next.index] = await run(next.check);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

function run({ name, command, fix }) {
  const startedAt = performance.now();
  const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ name, fix, ok: code === 0, output, seconds: (performance.now() - startedAt) / 1000 }),
    );
  });
}

function row({ name, ok, output, seconds, fix }) {
  const warnings = /\b(\d+) warnings?\b/.exec(output)?.[1] ?? '0';
  const note = !ok
    ? `  see above, or: ${fix}`
    : warnings === '0'
      ? ''
      : `  ${warnings} ${warnings === '1' ? 'warning' : 'warnings'}`;
  return `  ${ok ? 'passed' : 'FAILED'}  ${name.padEnd(20)} ${seconds.toFixed(1).padStart(5)} s${note}`;
}
