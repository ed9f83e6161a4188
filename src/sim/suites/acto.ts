import type { Stage } from '../stage.js';
import { Violation, type Watcher } from '../watcher.js';
import { allInvariants } from '../invariants/invariants.js';
import type { Host } from '../world.js';
import { chains, pairs, type Chain } from './acto/cases.js';
import { refusals } from './acto/refusals.js';
import { play, type Outcome } from './acto/transitions.js';
import type { CaseResult, Counters, Prepared, Scale, Suite } from './suite.js';

/** Of so many chains a quick look takes one: that is more than a tenth of the transitions that are asked for. */
const share = 20;

/**
 * As Acto does it: from a stable running model to another value of each field, and back. What is valid must end where
 * a fresh installation of the same model ends; what is not must change nothing; going back must end where it began.
 */
export const acto: Suite = {
  name: 'acto',
  cases: 'transitions',
  prepare: (scale, host) => Promise.resolve(preparedFor(scale, host)),
};

function preparedFor(scale: Scale, host: Host): Prepared {
  const single = [...chains(), ...refusals()];
  const all = scale === 'long' ? [...single, ...pairs()] : single;
  const chosen = scale === 'tenth' ? all.filter((_, index) => index % share === 0) : all;
  const number = (index: number): number => (scale === 'tenth' ? index * share : index);
  return {
    count: chosen.length,
    nameOf: (index) => (chosen[index] as Chain).name,
    run: (index) =>
      result(chosen[index] as Chain, { host, seed: number(index) + 1, watchers: allInvariants }),
    demands: [
      { group: 'transitions', label: 'in all', atLeast: scale === 'tenth' ? 30 : 300 },
      ...(['applied', 'unchanged', 'rejected'] as const).map((label) => ({
        group: 'transitions',
        label,
        atLeast: scale === 'tenth' ? 3 : 50,
      })),
    ],
  };
}

async function result(
  chain: Chain,
  setting: {
    readonly host: Host;
    readonly seed: number;
    readonly watchers: readonly ((stage: Stage) => Watcher)[];
  },
): Promise<CaseResult> {
  try {
    const { steps, outcomes } = await play(chain, setting);
    return { steps, counters: countersOf(outcomes), remark: null, failure: null };
  } catch (error) {
    const invariant = error instanceof Violation ? error.invariant : 0;
    const message = error instanceof Violation ? error.message : String((error as Error).stack ?? error);
    return { steps: 0, counters: {}, remark: null, failure: { invariant, message, script: null } };
  }
}

function countersOf(outcomes: readonly Outcome[]): Counters {
  const transitions: Record<string, number> = { 'in all': outcomes.length };
  for (const outcome of outcomes) transitions[outcome] = (transitions[outcome] ?? 0) + 1;
  return { transitions };
}
