import { differentEnding, endingOf, revertScripts, type Ending } from '../invariants/equivalence.js';
import { allInvariants } from '../invariants/invariants.js';
import { run, type Report } from '../run.js';
import { scriptOf, type ActKind, type Script } from '../workload/script.js';
import type { Host } from '../world.js';
import type { CaseResult, Counters, Prepared, Scale, Suite } from './suite.js';

/** One for every ten fresh seeds of the programme. */
const amounts: Readonly<Record<Scale, number>> = { tenth: 20, ci: 200, long: 2_000 };

/** What is taken back again, in turn. */
const changes: readonly ActKind[] = [
  'commit.upgrade',
  'commit.downgrade',
  'commit.scale',
  'commit.add',
  'commit.remove',
  'commit.configure',
  'commit.expose',
  'commit.several',
];

/** 15: a change that is taken back at rest leaves what was there before it. */
export const reverts: Suite = {
  name: 'reverts',
  cases: 'reverts',
  prepare: (scale, host) => Promise.resolve(preparedFor(amounts[scale], host)),
};

function preparedFor(count: number, host: Host): Prepared {
  return {
    count,
    nameOf: (index) => `${changeOf(index)} and back, seed ${index + 1}`,
    run: (index) => compare(index, host),
    demands: changes.map((label) => ({
      group: 'taken back',
      label,
      atLeast: Math.floor(count / changes.length / 2),
    })),
  };
}

function changeOf(index: number): ActKind {
  return changes[index % changes.length] as ActKind;
}

async function compare(index: number, host: Host): Promise<CaseResult> {
  const change = changeOf(index);
  const { before, after } = revertScripts(scriptOf(index + 1), change);
  const first = await ended(before, host);
  const second = await ended(after, host);
  const steps = first.report.steps + second.report.steps;
  const violation = first.report.violation ?? second.report.violation;
  const differs = violation === null ? differentEnding(first.ending, second.ending) : null;
  const counters: Counters = {
    reverts: { compared: 1 },
    // A change that a model has no place for is none.
    'taken back': second.report.steps > first.report.steps + fewSteps ? { [change]: 1 } : {},
  };
  if (violation !== null) return { steps, counters, remark: null, failure: { ...violation, script: after } };
  if (differs === null) return { steps, counters, remark: null, failure: null };
  const message = `invariant 15: after ${change} and its revert ${differs}`;
  return { steps, counters, remark: null, failure: { invariant: 15, message, script: after } };
}

/** Two commits that ask for nothing are read and judged, and no more. */
const fewSteps = 12;

async function ended(script: Script, host: Host): Promise<{ report: Report; ending: Ending }> {
  let ending: Ending = { summary: [], routing: [] };
  const report = await run(script, {
    host,
    watchers: [...allInvariants, (stage) => ({ ended: () => void (ending = endingOf(stage)) })],
  });
  return { report, ending };
}
