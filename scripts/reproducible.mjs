// Builds twice into temporary folders: both must give the same bytes, and no byte may tell where they were built.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root } from './lib/root.mjs';

const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'heliostat-build-')));
try {
  for (const folder of folders) build(folder);
  const problems = [...differences(...folders.map(contents)), ...staleAction(folders[0])];
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
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(folder, path), readFileSync(path)];
    }),
  );
}

/** The Action's bundle is committed, since whoever uses it builds nothing: it has to be what these sources give. */
function staleAction(folder) {
  const [fresh, committed] = [join(folder, 'action'), join(root, 'dist/action')].map((each) =>
    existsSync(each) ? contents(each) : new Map(),
  );
  return differences(fresh, committed).map(
    (problem) => `dist/action is not what the sources give (npm run build, and commit it): ${problem}`,
  );
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
