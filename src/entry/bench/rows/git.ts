import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Revision } from '../../../core/base/names.js';
import type { Repository } from '../../../adapters/git/index.js';
import { openRepository } from '../../../adapters/git/index.js';
import { readTree } from '../../../engine/load/trees.js';
import { defaultLimits } from '../../../engine/load/types.js';
import type { Bench, Row } from '../bench.js';
import { newFolder } from '../bench.js';
import type { Finding } from '../finding.js';
import { ended, median, timed } from '../measure.js';
import type { Files } from '../sandbox.js';
import { cleanEnvironment, fastImport, git, importStream } from '../sandbox.js';

export const blobsRow: Row = {
  name: 'blobs',
  about: 'read all 50,000 model files of a revision',
  measure: async (bench) => [await readBlobs(bench)],
};

export const treeDifferenceRow: Row = {
  name: 'tree-difference',
  about: 'difference of two revisions, 50,000 files, one changed',
  measure: async (bench) => [await treeDifference(bench)],
};

export const statusCommitRow: Row = {
  name: 'status-commit',
  about: '100 changes in one commit into a branch of 10,000 files',
  measure: async (bench) => [await statusCommit(bench)],
};

const fileCount = 50_000;

function manyFiles(count: number, text: (index: number) => string): Files {
  const files = new Map<string, string>();
  for (let i = 0; i < count; i++)
    files.set(`solutions/${String(i % 256).padStart(3, '0')}/s${String(i).padStart(6, '0')}.yaml`, text(i));
  return files;
}

const modelText = (index: number): string =>
  `apiVersion: heliostat/v1\nkind: Solution\nname: s${index}\nelements:\n` +
  Array.from({ length: 10 }, (_, i) => `  e${i}: { component: part, version: 1.${index}.${i} }\n`).join('');

async function bareRepository(bench: Bench, commits: readonly Files[]): Promise<string> {
  const folder = newFolder(bench, 'git');
  git(bench.folder, 'init', '-q', '--bare', '-b', 'main', folder);
  await fastImport(folder, importStream('refs/heads/main', commits));
  return folder;
}

async function opened<T>(folder: string, work: (repository: Repository) => Promise<T>): Promise<T> {
  const found = await openRepository(folder);
  if ('failure' in found) throw new Error(found.failure.message);
  try {
    return await work(found.ok);
  } finally {
    await found.ok.close();
  }
}

async function readBlobs(bench: Bench): Promise<Finding> {
  const folder = await bareRepository(bench, [manyFiles(fileCount, modelText)]);
  const oids = git(folder, 'ls-tree', '-r', '--format=%(objectname)', 'main').split('\n');
  const ours: number[] = [];
  const peer: number[] = [];
  for (let i = 0; i < (bench.quick ? 2 : 5); i++) {
    peer.push(await timed(() => catFile(folder, oids)));
    const ms = await opened(folder, ({ source }) =>
      timed(async () => {
        const blobs = await source.blobs(oids, 1 << 20);
        if (blobs.length !== fileCount || blobs.includes(null)) throw new Error('blobs are missing');
      }),
    );
    ours.push(ms);
  }
  return {
    work: 'read all 50,000 model files of a revision',
    ours: { value: median(ours), unit: 'ms' },
    peer: { name: 'git cat-file --batch', value: median(peer), unit: 'ms', inThisRun: true },
    goal: { faster: 1 / 2, text: '≤ 2× cat-file' },
  };
}

async function catFile(folder: string, oids: readonly string[]): Promise<void> {
  const child = spawn('git', ['cat-file', '--batch'], {
    cwd: folder,
    env: cleanEnvironment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdout.resume();
  child.stdin.end(`${oids.join('\n')}\n`);
  await ended(child);
}

async function treeDifference(bench: Bench): Promise<Finding> {
  const changes = Array.from({ length: bench.quick ? 10 : 30 }, (_, i): Files => {
    const index = (i * 7_919) % fileCount;
    const [path] = [...manyFiles(index + 1, () => '').keys()].slice(-1);
    return new Map([[path ?? '', modelText(fileCount + i)]]);
  });
  const folder = await bareRepository(bench, [manyFiles(fileCount, modelText), ...changes]);
  const revisions = git(folder, 'rev-list', '--reverse', 'main').split('\n');
  const ours: number[] = [];
  const peer: number[] = [];
  await opened(folder, async ({ source }) => {
    let before = null;
    for (const [i, revision] of revisions.entries()) {
      const start = performance.now();
      const tree = (await source.commit(revision as Revision))?.tree ?? null;
      const result = await readTree(source, before, tree, defaultLimits);
      const ms = performance.now() - start;
      if (result.kind !== 'read') throw new Error(result.kind);
      before = result.tree;
      if (i === 0) continue;
      if (result.changed.size !== 1) throw new Error(`${result.changed.size} files differ`);
      ours.push(ms);
      peer.push(await timed(() => diffTree(folder, revisions[i - 1] ?? '', revision)));
    }
  });
  return {
    work: 'difference of two revisions, 50,000 files, one changed, warm',
    ours: { value: median(ours), unit: 'ms' },
    peer: { name: 'git diff-tree', value: median(peer), unit: 'ms', inThisRun: true },
    goal: { faster: 1, bound: 18, text: '≤ 18 ms' },
  };
}

async function diffTree(folder: string, from: string, to: string): Promise<void> {
  const child = spawn('git', ['diff-tree', '-r', from, to], {
    cwd: folder,
    env: cleanEnvironment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.resume();
  await once(child, 'close');
}

async function statusCommit(bench: Bench): Promise<Finding> {
  const documents = new Map<string, string>();
  for (let i = 0; i < 10_000; i++) documents.set(statusPath(i), statusText(i, 0));
  const folder = await bareRepository(bench, [documents]);
  git(folder, 'branch', 'peer', 'main');
  const first = git(folder, 'rev-parse', 'main');
  const ours: number[] = [];
  const peer: number[] = [];
  await opened(folder, async ({ refs }) => {
    let parent = first;
    for (let i = 1; i <= (bench.quick ? 10 : 30); i++) {
      const changes = Array.from({ length: 100 }, (_, k) => {
        const index = (i * 997 + k * 101) % 10_000;
        return { path: statusPath(index), content: statusText(index, i) };
      });
      ours.push(
        await timed(async () => {
          const commit = await refs.commit({ parent, changes, message: `status ${i}\n`, wallMs: i * 1_000 });
          const swapped = await refs.compareAndSwap('refs/heads/main', parent, commit);
          if (swapped.kind !== 'swapped') throw new Error(swapped.kind);
          parent = commit;
        }),
      );
      const files = new Map(changes.map(({ path, content }) => [path, content]));
      const stream = importStream('refs/heads/peer', [files], 'refs/heads/peer^0');
      peer.push(await timed(() => fastImport(folder, stream)));
    }
  });
  return {
    work: 'status commit of 100 changes into 10,000 files',
    ours: { value: median(ours), unit: 'ms' },
    peer: { name: 'git fast-import', value: median(peer), unit: 'ms', inThisRun: true },
    goal: { faster: 1 / 1.5, text: '≤ 1.5× fast-import' },
  };
}

function statusPath(index: number): string {
  const solution = String(Math.floor(index / 50)).padStart(4, '0');
  return `bench/solutions/s${solution}/elements/e${String(index).padStart(6, '0')}.yaml`;
}

function statusText(index: number, round: number): string {
  return `# element e${index}\nclusters:\n  - version: 1.${round}.0\n    instances: [{ ordinal: 0, state: active, health: good }]\n`;
}
