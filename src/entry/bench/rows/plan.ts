import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Row } from '../bench.js';
import { heliostat, newFolder } from '../bench.js';
import type { Finding, Peer } from '../finding.js';
import { run, runs } from '../measure.js';
import type { ModelShape } from '../model.js';
import { modelFiles } from '../model.js';
import { recorded } from '../recorded.js';
import { cleanEnvironment, makeRepository } from '../sandbox.js';
import { terraformFolder } from '../terraform.js';

export const planRow: Row = {
  name: 'plan',
  about: 'plan of nothing to do, cold process, 1,000 elements',
  measure: async (bench) => [...(await layout(bench, 'independent')), ...(await layout(bench, 'layered'))],
};

async function layout(bench: Bench, name: ModelShape['layout']): Promise<Finding[]> {
  const shape: ModelShape = { elements: 1_000, layout: name };
  const folder = newFolder(bench, `plan-${name}`);
  await makeRepository(folder, [modelFiles(shape)]);
  const call = async (...args: string[]) =>
    run(...heliostat(bench, ...args), { cwd: folder, env: cleanEnvironment });
  await runs(1, [0], () => call('apply', '--yes'));
  const times = bench.quick ? 3 : 7;
  const peer = await terraformPlan(bench, shape, Math.min(times, 3));
  const plan = () => call('plan');
  await plan();
  const warm = await runs(times, [0], plan);
  const cold = await runs(times, [0], () => {
    rmSync(join(folder, '.heliostat/state/cache'), { recursive: true, force: true });
    return plan();
  });
  const goal =
    name === 'independent'
      ? { faster: 3, memoryShare: 0.75, text: '≥ 3×, ≤ ¾ of the memory' }
      : { faster: 15, memoryShare: 0.25, text: '≥ 15×, ≤ ¼ of the memory' };
  const finding = (cache: string, { ms, memoryMb }: { ms: number; memoryMb: number }): Finding => ({
    work: `plan of nothing to do, 1,000 ${name}, parse cache ${cache}`,
    ours: { value: ms, unit: 'ms', memoryMb },
    peer,
    goal,
  });
  return [finding('warm', warm), finding('cold', cold)];
}

async function terraformPlan(bench: Bench, shape: ModelShape, times: number): Promise<Peer> {
  const known = shape.layout === 'independent' ? recorded.planIndependent : recorded.planLayered;
  if (bench.terraform === null) return known;
  const { terraform } = bench;
  const folder = newFolder(bench, 'terraform');
  terraformFolder(terraform, folder, shape, true);
  const { ms, memoryMb } = await runs(times, [0], () =>
    run(terraform, ['plan', '-input=false', '-detailed-exitcode'], { cwd: folder }),
  );
  return { name: 'Terraform', value: ms, unit: 'ms', memoryMb, inThisRun: true };
}
