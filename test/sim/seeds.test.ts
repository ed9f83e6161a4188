import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptOf, type Act, type ActKind } from '../../src/sim/workload/script.js';
import { sim } from './support/program.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'heliostat-sim-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function dataOf<T>(file: string): T {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
}

test('in a tenth of the runs of the programme no invariant is broken, and each kind of fault has struck', async () => {
  const args = ['--only', 'seeds', '--scale', 'tenth', '--first', '1', '--json', 'report.json'];
  const { code, stdout } = await sim(args, folder);

  expect(stdout).toContain('All of it holds.');
  expect(code).toBe(0);
  const { tally, runAgain, lacking } = dataOf<{
    tally: { runs: number; steps: number };
    runAgain: number;
    lacking: string[];
  }>('report.json');
  expect(lacking).toEqual([]);
  expect(runAgain).toBe(10);
  expect(tally.runs).toBeGreaterThanOrEqual(200);
  expect(tally.steps).toBeGreaterThanOrEqual(200 * tally.runs * 0.8);
}, 240_000);

test('a soak that is begun again goes on after the last seed, and its tally tells of both', async () => {
  const soaked = () =>
    dataOf<{ ranges: number[][]; tally: { runs: number; steps: number }; revisions: string[] }>('tally.json');
  const args = ['soak', '--seeds', '3', '--tally', 'tally.json'];

  await sim(args, folder);
  const first = soaked();
  expect(first).toMatchObject({ ranges: [[1, 3]], tally: { runs: 3 } });
  await sim(args, folder);
  expect(soaked()).toMatchObject({ ranges: [[1, 6]], tally: { runs: 6 } });
  expect(soaked().tally.steps).toBeGreaterThan(first.tally.steps);
  expect(soaked().revisions).toHaveLength(1);
}, 60_000);

test('a tally that is none is left as it is', async () => {
  writeFileSync(join(folder, 'tally.json'), '{"schema":2}');
  const { code, stderr } = await sim(['soak', '--seeds', '1', '--tally', 'tally.json'], folder);
  expect(code).toBe(1);
  expect(stderr).toContain('tally.json is not a tally of this program');
  expect(readFileSync(join(folder, 'tally.json'), 'utf8')).toBe('{"schema":2}');
}, 30_000);

test('a run that was kept is told step by step: who did what, and when', async () => {
  const act = (kind: ActKind, seed: number): Act => ({ kind, seed, afterMs: 1_000 });
  const script = { ...scriptOf(1), weather: {}, acts: [act('commit.scale', 1), act('process.kill', 2)] };
  mkdirSync(join(folder, 'kept'));
  writeFileSync(join(folder, 'kept/one.json'), JSON.stringify({ script }));
  const { code, stdout } = await sim(['--replay', 'kept/one.json'], folder);

  expect(code).toBe(0);
  expect(stdout).toMatch(/people +main begins: it is [0-9a-f]{7} “/);
  expect(stdout).toMatch(/ctl-1 #1 +→ create prod\//);
  expect(stdout).toMatch(/ctl-1 #1 +operation\.begun of \w+: create/);
  expect(stdout).toMatch(/script +commit\./);
  expect(stdout).toContain('no invariant was broken');
}, 30_000);

test('an option that is not understood is refused with those that there are', async () => {
  const { code, stderr } = await sim(['--only', 'weather'], folder);
  expect(code).toBe(2);
  expect(stderr).toContain('--only weather: there are seeds');
}, 30_000);
