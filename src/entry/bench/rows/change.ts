import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Row } from '../bench.js';
import { heliostat, newFolder } from '../bench.js';
import { Daemon } from '../daemon.js';
import type { Finding, Goal, Peer } from '../finding.js';
import { median, run, runs } from '../measure.js';
import type { ModelShape } from '../model.js';
import { changedFile, modelFiles } from '../model.js';
import { recorded } from '../recorded.js';
import { cleanEnvironment, makeRepository } from '../sandbox.js';
import { terraformConfiguration, terraformFolder } from '../terraform.js';

export const changeRow: Row = {
  name: 'change',
  about: 'one of 1,000 layered elements changed, commit to applied, daemon running',
  measure: async (bench) => {
    const shape: ModelShape = { elements: 1_000, layout: 'layered' };
    const peer = await terraformChange(bench, shape);
    const goal = { bound: 50, faster: 170, text: '≤ 50 ms, ≥ 170×' };
    return [await changes(bench, { shape, work: 'one of 1,000 layered changed, p50', peer, goal })];
  },
};

export const instancesRow: Row = {
  name: 'instances',
  about: 'an element of 3 instances raised to the next version, local commit to applied',
  measure: async (bench) => {
    const shape: ModelShape = { elements: 40, layout: 'independent', size: 3 };
    const goal = { bound: 100, text: '≤ 100 ms' };
    return [await changes(bench, { shape, work: '3 instances replaced one by one, p50', peer: null, goal })];
  },
};

export const singleFileRow: Row = {
  name: 'single-file',
  about: 'one of 1,000 elements in a single file changed',
  measure: async (bench) => {
    const shape: ModelShape = { elements: 1_000, layout: 'independent', perFile: 1_000 };
    const goal = { bound: 350, text: '≤ 350 ms' };
    return [await changes(bench, { shape, work: 'one of 1,000 in a single file, p50', peer: null, goal })];
  },
};

export const fleetRow: Row = {
  name: 'fleet',
  about: 'one of 10,000 elements changed; restart on 10,000, nothing changed',
  measure: fleet,
};

interface Change {
  readonly shape: ModelShape;
  readonly work: string;
  readonly peer: Peer | null;
  readonly goal: Goal;
}

async function changes(bench: Bench, { shape, work, peer, goal }: Change): Promise<Finding> {
  const { folder, revisions } = await prepared(bench, shape);
  const daemon = await Daemon.start(bench, folder);
  const times = await changeAll(daemon, revisions);
  const memoryMb = await daemon.end();
  return { work, ours: { value: median(times), unit: 'ms', memoryMb }, peer, goal, note: spread(times) };
}

/** A repository that was applied once, and a chain of commits each of which raises one element. */
async function prepared(
  bench: Bench,
  shape: ModelShape,
): Promise<{ folder: string; revisions: readonly string[] }> {
  const folder = newFolder(bench, 'change');
  let files: ReadonlyMap<string, string> = modelFiles(shape);
  const commits = [files];
  const count = bench.quick ? 20 : 40;
  for (let i = 0; i < count; i++) {
    const index = Math.floor((i * shape.elements) / count);
    const { path, text } = changedFile(shape, files, index, '1.1.0');
    files = new Map([...files, [path, text]]);
    commits.push(new Map([[path, text]]));
  }
  const [, ...revisions] = await makeRepository(folder, commits);
  await runs(1, [0], () =>
    run(...heliostat(bench, 'apply', '--yes'), { cwd: folder, env: cleanEnvironment }),
  );
  return { folder, revisions };
}

/** The first ones warm the daemon up and do not count. */
async function changeAll(daemon: Daemon, revisions: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const [i, revision] of revisions.entries()) {
    const ms = await daemon.commit(revision);
    if (i >= 3) times.push(ms);
    // Commits of people meet the polls of the daemon at any phase.
    await pause(30 + ((i * 37) % 100));
  }
  return times;
}

function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  return `${times.length} commits: least ${at(0)} ms, p90 ${at(0.9)} ms`;
}

async function terraformChange(bench: Bench, shape: ModelShape): Promise<Peer> {
  const { terraform } = bench;
  if (terraform === null || bench.quick) return recorded.changeOfThousand;
  const folder = newFolder(bench, 'terraform');
  terraformFolder(terraform, folder, shape, true);
  const { ms, memoryMb } = await runs(1, [0], () => {
    writeFileSync(join(folder, 'main.tf'), terraformConfiguration(shape, 500));
    return run(terraform, ['apply', '-input=false', '-auto-approve'], { cwd: folder });
  });
  return { name: 'Terraform apply', value: ms, unit: 'ms', memoryMb, inThisRun: true };
}

async function fleet(bench: Bench): Promise<Finding[]> {
  const shape: ModelShape = { elements: 10_000, layout: 'layered' };
  const { folder, revisions } = await prepared(bench, shape);
  const readyTimes: number[] = [];
  const memories: number[] = [];
  for (let i = 0; i < (bench.quick ? 2 : 5); i++) {
    const daemon = await Daemon.start(bench, folder);
    readyTimes.push(daemon.readyMs);
    memories.push(await daemon.end());
  }
  const daemon = await Daemon.start(bench, folder);
  const times = await changeAll(daemon, revisions);
  const memoryMb = await daemon.end();
  return [
    {
      work: 'one of 10,000 layered changed, p50',
      ours: { value: median(times), unit: 'ms', memoryMb },
      peer: { ...recorded.changeOfTenThousand, name: 'Terraform 1.11 (independent)' },
      goal: { bound: 60, text: '≤ 60 ms' },
      note: spread(times),
    },
    {
      work: 'restart on 10,000 layered, to ready',
      ours: { value: median(readyTimes), unit: 'ms', memoryMb: median(memories) },
      peer: { ...recorded.planTenThousand, name: 'Terraform 1.11 no-op plan' },
      goal: { bound: 1_000, memoryMb: 250, text: '≤ 1 s, ≤ 250 MB' },
    },
  ];
}
