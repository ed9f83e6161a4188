// Builds twice into temporary folders: both must give the same bytes, and no byte may tell where they were built.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/root.mjs';

const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'heliostat-build-')));
try {
  for (const folder of folders) build(folder);
  const problems = differences(...folders.map(contents));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

function build(outdir) {
  const args = [join(root, 'scripts/build.mjs'), '--outdir', outdir];
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`The build ended with ${status}.`);
}

function contents(folder) {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

function differences(first, second) {
  const names = [...new Set([...first.keys(), ...second.keys()])].sort();
  return names.flatMap((name) => {
    const [a, b] = [first.get(name), second.get(name)];
    if (a === undefined || b === undefined) return [`${name} came out of only one of two builds`];
    if (!a.equals(b)) return [`${name} differs between two builds`];
    return a.includes(root) ? [`${name} contains the path of this folder`] : [];
  });
}
