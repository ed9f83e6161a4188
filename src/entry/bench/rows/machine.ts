import { watch, type FSWatcher } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileDisk } from '../../../adapters/disk/file-disk.js';
import { openRepository } from '../../../adapters/git/index.js';
import { createWatcher } from '../../../adapters/watch/index.js';
import { openJournal } from '../../../engine/journal/open.js';
import type { Bench, Row } from '../bench.js';
import { newFolder } from '../bench.js';
import type { Finding } from '../finding.js';
import { median } from '../measure.js';
import { git, makeRepository, moveBranch } from '../sandbox.js';

export const watchRow: Row = {
  name: 'watch',
  about: 'a local commit noticed',
  measure: async (bench) => [await noticed(bench)],
};

export const journalRow: Row = {
  name: 'journal',
  about: 'appends to the journal, each synced',
  measure: appends,
};

async function noticed(bench: Bench): Promise<Finding> {
  const count = bench.quick ? 100 : 1_000;
  const folder = newFolder(bench, 'watch');
  const commits = Array.from({ length: count + 1 }, (_, i) => new Map([['file', `${i}`]]));
  const revisions = await makeRepository(folder, commits);
  const found = await openRepository(folder);
  if ('failure' in found) throw new Error(found.failure.message);
  const heads = join(folder, '.git/refs/heads');
  let tip: string | null = null;
  const hearing = new Map<string, (at: number) => void>();
  const watcher = await createWatcher({
    repository: found.ok,
    ref: 'refs/heads/main',
    onTip: (oid) => {
      tip = oid;
      hearing.get(oid ?? '')?.(performance.now());
    },
  });
  const ours: number[] = [];
  for (const revision of revisions.slice(1, 1 + Math.min(count, 200))) {
    const heard = new Promise<number>((resolve) => hearing.set(revision, resolve));
    const start = performance.now();
    moveBranch(folder, 'main', revision);
    ours.push((await heard) - start);
    await pause(5);
  }
  const missed = await bursts(folder, revisions, () => tip);
  await watcher.close();
  await found.ok.close();
  const peer = await plainWatch(folder, heads, revisions.slice(1, 1 + Math.min(count, 200)));
  return {
    work: 'local commit noticed, p50',
    ours: { value: median(ours), unit: 'ms' },
    peer: { name: 'fs.watch', value: median(peer), unit: 'ms', inThisRun: true },
    goal: { faster: missed.missed === 0 ? 1 / 3 : Number.POSITIVE_INFINITY, text: '≤ 3×, no burst missed' },
    note: `${missed.missed} of ${missed.bursts} bursts of two updates 20 ms apart missed`,
  };
}

/** Two updates 20 ms apart; then the second must be known within a second. */
async function bursts(
  folder: string,
  revisions: readonly string[],
  tip: () => string | null,
): Promise<{ bursts: number; missed: number }> {
  let missed = 0;
  let count = 0;
  for (let i = 0; i + 1 < revisions.length; i += 2) {
    const [first = '', second = ''] = revisions.slice(i, i + 2);
    moveBranch(folder, 'main', first);
    await pause(20);
    moveBranch(folder, 'main', second);
    count++;
    const giveUpAt = performance.now() + 1_000;
    while (tip() !== second && performance.now() < giveUpAt) await pause(2);
    if (tip() !== second) missed++;
  }
  return { bursts: count, missed };
}

async function plainWatch(folder: string, heads: string, revisions: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  let hear: () => void = () => undefined;
  const watcher: FSWatcher = watch(heads, (_kind, name) => {
    if (name === 'main') hear();
  });
  for (const revision of revisions) {
    const heard = new Promise<void>((resolve) => (hear = resolve));
    const start = performance.now();
    moveBranch(folder, 'main', revision);
    await heard;
    times.push(performance.now() - start);
    await pause(5);
  }
  watcher.close();
  git(folder, 'update-ref', 'refs/heads/main', revisions[0] ?? '');
  return times;
}

async function appends(bench: Bench): Promise<Finding[]> {
  const count = bench.quick ? 500 : 2_000;
  const entry = { kind: 'instance.healthy', instance: 'bench/s000001/e000001/1.0.0~01234567/0' };
  const disk = fileDisk(newFolder(bench, 'journal'));
  const opened = await openJournal({ disk, folder: 'journal' });
  if (!opened.ok) throw new Error('the journal cannot be opened');
  const { journal } = opened;
  const append = async (): Promise<void> => {
    const appended = journal.append([{ stream: 's:one', entry }], { epoch: 1, at: 1, wallMs: 1 });
    if (!appended.ok || !(await appended.synced).ok) throw new Error('nothing was appended');
  };
  const single = await perSecond(count, 1, append);
  const grouped = await perSecond(count * 32, 128, append);
  await journal.close();
  await disk.close();
  const file = await open(`${newFolder(bench, 'plain')}`, 'a');
  const line = Buffer.from(`${JSON.stringify(entry)}\n`);
  const plain = async (lines: number): Promise<void> => {
    await file.write(lines === 1 ? line : Buffer.concat(Array.from({ length: lines }, () => line)));
    await file.datasync();
  };
  const peerSingle = await perSecond(count, 1, () => plain(1));
  const peerGrouped = 128 * (await perSecond(Math.ceil(count / 4), 1, () => plain(128)));
  await file.close();
  const finding = (work: string, ours: number, peer: number): Finding => ({
    work,
    ours: { value: ours, unit: '/s' },
    peer: { name: 'write and fdatasync', value: peer, unit: '/s', inThisRun: true },
    goal: { text: '–' },
  });
  return [
    finding('journal appends, one after the other', single, peerSingle),
    finding('journal appends, 128 at a time', grouped, peerGrouped),
  ];
}

async function perSecond(count: number, atATime: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  for (let done = 0; done < count; done += atATime)
    await Promise.all(Array.from({ length: atATime }, () => work()));
  return count / ((performance.now() - start) / 1_000);
}
