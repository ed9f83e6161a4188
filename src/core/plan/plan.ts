import type { DesiredElement } from '../base/desired.js';
import type { Digest } from '../base/digest.js';
import { digestOf } from '../base/digest.js';
import type { ElementKey, ElementName, SolutionName } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import { changeOf, shapeOf } from './differ.js';
import { edgesOf } from './edges.js';
import type { PlanInput } from './input.js';
import { irreversibleHold, wayDown } from './irreversible.js';
import { orderOf } from './order.js';
import type { Action, Change, Hold, Plan, SolutionPlan } from './types.js';
import { actions } from './types.js';

/** Pure: the same inputs give the same bytes. */
export function makePlan(input: PlanInput): Plan {
  const planned = input.scope.map((name) => planSolution(name, input));
  const changes = planned.flatMap((plan) => plan.changes);
  // Repairs are made by the closed loop, without a rollout.
  const solutions = planned.filter((plan) => Object.keys(plan.targets).length > 0);
  const order = orderOf(changes, input.after);
  const digest = digestOf({ changes: changes.map(substance), order });
  return {
    domain: input.domain,
    revision: input.revision,
    from: input.from,
    basis: input.basis,
    solutions,
    changes,
    summary: summaryOf(changes),
    order,
    edges: edgesOf(changes),
    staying: input.scope.flatMap((name) => input.staying(name)),
    digest,
    seal: sealOf(digest, input, changes),
    holds: [...holdsOf(input), ...waysDown(planned, input)],
    diagnostics: [],
  };
}

function planSolution(name: SolutionName, input: PlanInput): SolutionPlan {
  const desired = input.desired(name);
  const held = input.held(name);
  const targets: { [element: ElementName]: DesiredElement | null } = {};
  const changes: Change[] = [];
  const names = new Set([...held.keys(), ...(desired?.elements.keys() ?? [])]);
  for (const element of [...names].sort(byCodeUnit)) {
    const after = desired?.elements.get(element) ?? null;
    const before = held.get(element) ?? null;
    const change = changeOf(before, after);
    if (change === null) {
      const repair = before === null ? null : repairOf(before, input);
      if (repair !== null) changes.push(repair);
      continue;
    }
    changes.push(change);
    targets[element] = after;
  }
  return { solution: name, desiredDigest: desired?.digest ?? digestOf(null), targets, changes };
}

/** Somebody changed what runs; the closed loop brings it back, no rollout is needed. */
function repairOf(target: DesiredElement, input: PlanInput): Change | null {
  const drift = input.drift(target.key);
  if (drift === null) return null;
  const shape = shapeOf(target);
  return {
    element: target.key,
    action: 'repair',
    before: shape,
    after: shape,
    values: [],
    reason: drift,
    position: target.position,
    destroysData: false,
  };
}

/** What two plans must have in common to be the same plan: never times, positions or reasons. */
function substance(change: Change): unknown {
  const { element, action, before, after } = change;
  // The digest of an element covers all that its shape shows, sizes, versions and ranges included.
  return { element, action, before: before?.digest ?? null, after: after?.digest ?? null };
}

/** Binds the plan to what it was made from: targets and observations of the elements that it touches and of their neighbours. */
function sealOf(digest: Digest, input: PlanInput, changes: readonly Change[]): Digest {
  const read = new Set<ElementKey>();
  for (const change of changes) {
    read.add(change.element);
    for (const shape of [change.before, change.after])
      for (const range of shape?.ranges ?? []) read.add(range.provider);
  }
  const readSet = [...read]
    .sort(byCodeUnit)
    .map((key) => [key, input.after(key)?.digest ?? null, input.observed(key)]);
  return digestOf({ digest, revision: input.revision, readSet });
}

export function summaryOf(changes: readonly Change[]): { [action in Action]: number } {
  const summary = Object.fromEntries(actions.map((action) => [action, 0])) as { [action in Action]: number };
  for (const change of changes) summary[change.action]++;
  return summary;
}

/** The version that is left says so, not the one that comes. */
function waysDown(planned: readonly SolutionPlan[], input: PlanInput): Hold[] {
  const ways = planned.flatMap(({ targets }) =>
    Object.values(targets).flatMap((target: DesiredElement | null) =>
      target === null ? [] : (wayDown(target, input.pointOfNoReturn?.(target.key)) ?? []),
    ),
  );
  return ways.length === 0 ? [] : [irreversibleHold(input.domain, ways)];
}

/** A commit never takes down a whole domain; that is what `down` is for. */
function holdsOf(input: PlanInput): Hold[] {
  const running = input.scope.filter((name) =>
    [...input.held(name).values()].some((target) => target !== null),
  );
  const removed = running.filter((name) => input.desired(name) === null);
  if (running.length === 0 || removed.length < running.length || !input.isWholeDomain()) return [];
  return [
    {
      id: 'plan.everythingRemoved',
      code: 'plan.everythingRemoved',
      reason: `this commit removes every solution of ${input.domain}: ${removed.join(', ')}`,
      releasedBy: 'an operator',
      command: `heliostat approve plan.everythingRemoved --domain ${input.domain} --reason TEXT`,
    },
  ];
}
