import type { SolutionName } from '../base/names.js';
import { safe } from '../base/safe-text.js';
import type { WayDown } from '../plan/irreversible.js';
import { describeWays, wayDown } from '../plan/irreversible.js';
import type { Hold } from '../plan/types.js';
import type { DomainEntry, DomainState } from './domain.js';
import type { SolutionEntry } from './entries.js';
import type { Facts } from './facts.js';
import { decideBack } from './go-back.js';
import type { RolloutDecision } from './go-back.js';
import type { HeldBack, SolutionState } from './state.js';

const code = 'rollout.irreversible';

/** What is decided, or, where it leads down from a version that was started and says so, that a person is to decide. */
export function heldBackIfIrreversible(
  solution: SolutionState,
  decision: RolloutDecision,
  facts: Facts,
): RolloutDecision {
  const back = decision.entries.find((entry) => entry.kind === 'rollout.reverting');
  const ways = [
    ...decision.entries.flatMap((entry) => waysOf(solution, entry)),
    ...decision.others.flatMap(({ solution: name, entry }) => waysOf(facts.solution?.(name) ?? null, entry)),
  ];
  if (back === undefined || ways.length === 0) return decision;
  const { kind: _kind, targets: _targets, cause: _cause, ...blame } = back;
  return {
    entries: [{ kind: 'rollout.heldBack', ...blame, ways: safe(describeWays(ways)) }],
    others: [],
  };
}

function waysOf(solution: SolutionState | null, entry: SolutionEntry): WayDown[] {
  if (entry.kind !== 'rollout.reverting') return [];
  return Object.values(entry.targets).flatMap((target) =>
    target === null ? [] : (wayDown(target, solution?.elements.get(target.name)?.pointOfNoReturn) ?? []),
  );
}

/** Which ways back wait for a person, each told as a hold for as long as it does. */
export function decideReturnHolds(
  domain: DomainState,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
): DomainEntry[] {
  const wanted = returnHolds(domain, solutions);
  const began = wanted
    .filter(({ hold }) => !domain.holds.has(hold.id))
    .map(({ hold }): DomainEntry => ({ kind: 'hold.began', hold, revision: null }));
  const ended = [...domain.holds.values()]
    .filter(({ hold }) => hold.code === code && !wanted.some((one) => one.hold.id === hold.id))
    .map(({ hold }): DomainEntry => ({
      kind: 'hold.ended',
      id: hold.id,
      released: false,
      who: safe('heliostat'),
      reason: safe('its cause is gone'),
    }));
  return [...ended, ...began];
}

/** Sorted as the solutions are. */
export function returnHolds(
  { name: domain }: Pick<DomainState, 'name'>,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
): { readonly solution: SolutionName; readonly hold: Hold }[] {
  return [...solutions.values()].flatMap(({ name, rollout }) => {
    const held = rollout?.phase === 'paused' ? rollout.heldBack : undefined;
    return held === undefined ? [] : [{ solution: name, hold: holdOf(domain, name, held) }];
  });
}

function holdOf(domain: string, solution: SolutionName, { ways, reason }: HeldBack): Hold {
  const id = `${code}.${solution}`;
  return {
    id,
    code,
    reason: `the rollout of ${solution} failed (${reason}), and the way back leads down: ${ways}`,
    releasedBy: `an operator, who lets it go back; or who has it tried on (heliostat resume ${domain}/${solution}), or a commit with another version`,
    command: returnCommand(domain, solution),
  };
}

/** Lets it go back. */
export function returnCommand(domain: string, solution: SolutionName): string {
  return `heliostat approve ${code}.${solution} --domain ${domain} --reason TEXT`;
}

/** A person lets it go back. Null: it does not wait for that any more. */
export function releasedReturn(
  id: string,
  solutions: ReadonlyMap<SolutionName, SolutionState>,
  facts: Facts,
): (RolloutDecision & { readonly solution: SolutionName }) | null {
  const solution = id.startsWith(`${code}.`)
    ? solutions.get(id.slice(code.length + 1) as SolutionName)
    : undefined;
  const held = solution?.rollout?.phase === 'paused' ? solution.rollout.heldBack : undefined;
  if (solution === undefined || held === undefined) return null;
  const { ways: _ways, sinceWallMs: _since, ...blame } = held;
  const back: SolutionEntry = { kind: 'rollout.reverting', targets: solution.former, ...blame };
  return { solution: solution.name, ...decideBack(solution, [back], facts) };
}
