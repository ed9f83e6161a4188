import type { Bench, Row } from '../bench.js';
import { heliostat, newFolder } from '../bench.js';
import type { Finding, Peer } from '../finding.js';
import { run, runs } from '../measure.js';
import type { ModelShape } from '../model.js';
import { modelFiles } from '../model.js';
import { recorded } from '../recorded.js';
import { cleanEnvironment, makeRepository } from '../sandbox.js';
import { terraformFolder } from '../terraform.js';

const shape: ModelShape = { elements: 1_000, layout: 'layered' };

export const applyRow: Row = {
  name: 'apply',
  about: 'apply 1,000 layered elements, cold process',
  measure: async (bench) => [await apply(bench)],
};

async function apply(bench: Bench): Promise<Finding> {
  const { ms, memoryMb } = await runs(bench.quick ? 2 : 5, [0], async () => {
    const folder = newFolder(bench, 'apply');
    await makeRepository(folder, [modelFiles(shape)]);
    return run(...heliostat(bench, 'apply', '--yes'), { cwd: folder, env: cleanEnvironment });
  });
  return {
    work: 'apply 1,000 layered elements',
    ours: { value: ms, unit: 'ms', memoryMb },
    peer: await terraformApply(bench),
    goal: { faster: 100, text: '≥ 100×' },
    note: 'from the start of the program to its end, the plan with its preview and the status commit included',
  };
}

async function terraformApply(bench: Bench): Promise<Peer> {
  const { terraform } = bench;
  if (terraform === null || !bench.terraformApply) return recorded.applyLayered;
  const folder = newFolder(bench, 'terraform');
  terraformFolder(terraform, folder, shape, false);
  const { ms, memoryMb } = await runs(1, [0], () =>
    run(terraform, ['apply', '-input=false', '-auto-approve'], { cwd: folder }),
  );
  return { name: 'Terraform', value: ms, unit: 'ms', memoryMb, inThisRun: true };
}
