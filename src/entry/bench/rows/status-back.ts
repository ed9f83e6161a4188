import type { Bench, Row } from '../bench.js';
import { heliostat, newFolder } from '../bench.js';
import type { Finding } from '../finding.js';
import { run, runs } from '../measure.js';
import { modelFiles } from '../model.js';
import type { Files } from '../sandbox.js';
import { cleanEnvironment, fastImport, importStream, makeRepository } from '../sandbox.js';

const later = 10_000;
const statusBranch = 'refs/heads/heliostat/status';

export const statusBackRow: Row = {
  name: 'status-back',
  about: 'what ran when a revision was done, 10,000 status commits ago, cold process',
  measure: async (bench) => [await statusBack(bench)],
};

async function statusBack(bench: Bench): Promise<Finding> {
  const folder = newFolder(bench, 'status-back');
  const options = { cwd: folder, env: cleanEnvironment };
  await makeRepository(folder, [modelFiles({ elements: 10, layout: 'layered' })]);
  await run(...heliostat(bench, 'apply', '--yes'), options);
  const commits = Array.from({ length: later }, (_, i): Files => new Map([['README.md', `${i}\n`]]));
  await fastImport(folder, importStream(statusBranch, commits, `${statusBranch}^0`));
  const { ms, memoryMb } = await runs(bench.quick ? 2 : 5, [0], () =>
    run(...heliostat(bench, 'status', '--at', 'HEAD'), options),
  );
  return {
    work: 'status as of 10,000 status commits ago',
    ours: { value: ms, unit: 'ms', memoryMb },
    peer: null,
    goal: { bound: 1_000, text: '≤ 1 s' },
    note: 'from the start of the program to its end',
  };
}
