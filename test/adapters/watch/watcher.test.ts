import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWatcher } from '../../../src/adapters/watch/index.js';
import { commitFiles, git, gitEnvironment, makeRepository } from '../../support/git.js';

/** Far beyond any test: what is noticed here is noticed by the watcher, not by the poll. */
const never = 3_600_000;
const main = 'refs/heads/main';

/** The value of a branch, without the adapter for Git: adapters know no sibling. */
function readRef(folder: string, ref: string): string | null {
  for (const [file, pattern] of [
    [ref, /^([0-9a-f]{40})/],
    ['packed-refs', new RegExp(`^([0-9a-f]{40}) ${ref}$`, 'm')],
  ] as const) {
    try {
      const found = pattern.exec(readFileSync(join(folder, '.git', file), 'utf8'))?.[1];
      if (found !== undefined) return found;
    } catch {
      continue;
    }
  }
  return null;
}

function repositoryOf(folder: string, read: () => Promise<string | null>) {
  return { commonDir: join(folder, '.git'), refs: { read } };
}

async function watching(folder: string, ref = main, pollMs = never) {
  const tips: (string | null)[] = [];
  const waiting = new Set<() => void>();
  const watch = await createWatcher({
    repository: repositoryOf(folder, () => Promise.resolve(readRef(folder, ref))),
    ref,
    onTip(tip) {
      tips.push(tip);
      for (const wake of waiting) wake();
    },
    pollMs,
  });
  onTestFinished(() => watch.close());
  // The first value is told at once; the tests are about what comes after it.
  tips.length = 0;
  const until = (tip: string | null) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (watch.tip !== tip) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return { watch, tips, until };
}

/** One long-lived git, so that its updates come as close together as updates can. */
function updater(folder: string): { set(ref: string, oid: string): void; child: ChildProcess } {
  const child = spawn('git', ['update-ref', '--stdin'], {
    cwd: folder,
    env: gitEnvironment(),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.stdin.end());
  return { child, set: (ref, oid) => void child.stdin.write(`start\nupdate ${ref} ${oid}\ncommit\n`) };
}

function commits(folder: string, count: number): string[] {
  const tree = git(folder, 'mktree', '--missing');
  return Array.from({ length: count }, (_, i) => git(folder, 'commit-tree', '-m', `${i}`, tree));
}

describe('createWatcher', () => {
  it('tells what is there at the start, so that no commit falls between a reading of the caller and the watch', async () => {
    const folder = makeRepository();
    const [first] = commits(folder, 1) as [string];
    git(folder, 'update-ref', main, first);
    const told = new Promise<string | null>((resolve, reject) => {
      const repository = repositoryOf(folder, () => Promise.resolve(readRef(folder, main)));
      createWatcher({ repository, ref: main, onTip: resolve }).then(
        (watch) => onTestFinished(() => watch.close()),
        reject,
      );
    });
    expect(await told).toBe(first);
  });

  it('misses none of 200 bursts of updates, the last of each included', async () => {
    const folder = makeRepository();
    const oids = commits(folder, 7);
    git(folder, 'update-ref', main, oids[0]!);
    const { until, tips } = await watching(folder);
    const { set } = updater(folder);
    let last = oids[0]!;
    for (let burst = 0; burst < 200; burst++) {
      const length = 1 + (burst % 4);
      for (let i = 0; i < length; i++) {
        last = oids[(oids.indexOf(last) + 1) % oids.length]!;
        set(main, last);
        // Some bursts are spread over the time in which a watcher is deaf after an event.
        if (burst % 5 === 4) await new Promise((resolve) => setTimeout(resolve, burst % 25));
      }
      await until(last);
    }
    expect(tips.length).toBeGreaterThanOrEqual(200);
    expect(tips.every((tip, i) => tip !== tips[i - 1])).toBe(true);
  });

  it('is not woken by the status branch, notes or other branches', async () => {
    const folder = makeRepository();
    const [first, second] = commits(folder, 2) as [string, string];
    git(folder, 'update-ref', main, first);
    const { tips, until } = await watching(folder);
    for (const ref of [
      'refs/heads/heliostat/status',
      'refs/notes/heliostat',
      'refs/heads/other',
      'refs/heads/mainly',
    ]) {
      git(folder, 'update-ref', ref, first);
      git(folder, 'update-ref', ref, second);
    }
    git(folder, 'pack-refs', '--all');
    git(folder, 'update-ref', main, second);
    await until(second);
    expect(tips).toEqual([second]);
  });

  it('goes on when packing removes the folder of the branch and a commit makes it anew', async () => {
    const folder = makeRepository();
    const oids = commits(folder, 3);
    const ref = 'refs/heads/team/prod/live';
    git(folder, 'update-ref', ref, oids[0]!);
    const { until, tips } = await watching(folder, ref);
    for (let round = 1; round <= 30; round++) {
      git(folder, 'pack-refs', '--all', '--prune');
      git(folder, 'update-ref', ref, oids[round % 3]!);
      await until(oids[round % 3]!);
      git(folder, 'update-ref', ref, oids[(round + 1) % 3]!);
      await until(oids[(round + 1) % 3]!);
      git(folder, 'update-ref', ref, oids[round % 3]!);
      await until(oids[round % 3]!);
    }
    expect(tips).toHaveLength(90);
  });

  it('sees a branch that is born, deleted and born again', async () => {
    const folder = makeRepository();
    const { watch, until } = await watching(folder);
    expect(watch.tip).toBeNull();
    const first = commitFiles(folder, { a: '1' }, 'first');
    await until(first);
    git(folder, 'update-ref', '-d', main);
    await until(null);
    git(folder, 'update-ref', main, first);
    await until(first);
  });

  it('sees a change that reaches only the file of packed branches', async () => {
    const folder = makeRepository();
    const [first, second] = commits(folder, 2) as [string, string];
    git(folder, 'update-ref', main, first);
    const { until } = await watching(folder);
    git(folder, 'update-ref', main, second);
    git(folder, 'pack-refs', '--all', '--prune');
    await until(second);
    git(folder, 'update-ref', '-d', main);
    await until(null);
  });

  it('polls beneath, for file systems that tell nothing', async () => {
    const folder = makeRepository();
    const oids = commits(folder, 2);
    let now = oids[0]!;
    const seen = await new Promise<string | null>((resolve, reject) => {
      createWatcher({
        repository: repositoryOf(folder, () => Promise.resolve(now)),
        ref: main,
        onTip: (tip) => (tip === oids[1] ? resolve(tip) : undefined),
        pollMs: 20,
      }).then((watch) => {
        onTestFinished(() => watch.close());
        // The file system is quiet: only the poll can find out.
        setTimeout(() => (now = oids[1]!), 700);
      }, reject);
    });
    expect(seen).toBe(oids[1]);
  });

  it('tries again after a reading that failed, and is silent once it is closed', async () => {
    const folder = makeRepository();
    const [first, second] = commits(folder, 2) as [string, string];
    git(folder, 'update-ref', main, first);
    let failing = false;
    const tips: (string | null)[] = [];
    const noticed: (() => void)[] = [];
    const watch = await createWatcher({
      repository: repositoryOf(folder, () =>
        failing ? Promise.reject(new Error('EIO')) : Promise.resolve(readRef(folder, main)),
      ),
      ref: main,
      onTip(tip) {
        tips.push(tip);
        noticed.forEach((wake) => wake());
      },
      pollMs: 20,
    });
    expect(tips).toEqual([first]);
    tips.length = 0;
    failing = true;
    git(folder, 'update-ref', main, second);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(tips).toEqual([]);
    failing = false;
    await new Promise<void>((resolve) => (tips.length > 0 ? resolve() : noticed.push(resolve)));
    expect(tips).toEqual([second]);
    await watch.close();
    git(folder, 'update-ref', main, first);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(tips).toEqual([second]);
  });
});
