import type { Revision, SolutionName } from '../core/base/names.js';
import type { DesiredDomain, Validation } from '../core/graph/types.js';
import { inDomain } from '../core/journal/entry.js';
import type { Item } from '../core/journal/entry.js';
import { hasErrors } from '../core/base/diagnostic.js';
import { isOpen } from '../core/rollout/mode.js';
import { simulate } from '../core/rollout/preview.js';
import { isCauseGone } from '../core/rollout/quarantine.js';
import { asSettled } from '../core/rollout/settled.js';
import { noPath } from '../core/plan/no-path.js';
import type { Hold, Plan } from '../core/plan/types.js';
import { accept, arrivalOf, arrive, reject, isUnwell } from './accept.js';
import { planFor } from './plan-for.js';
import type { Core } from './core.js';
import { otherPlanHold } from './forge/shown-plan.js';
import type { Judged } from './judged.js';
import { renamedFrom } from './renamed.js';
import type { TipWatcher } from './tip.js';
import { unplanned } from './unplanned.js';

/** What a look at the tip means for the state. */
export function judge(core: Core, tips: TipWatcher, judged: Judged): Item[] {
  noteLook(core, judged);
  switch (judged.kind) {
    case 'unchanged':
      return [...endHolds(core, [branchDeleted, 'branch.forced']), ...endRelease(core)];
    case 'unavailable':
      return [];
    case 'deleted':
      // A person knows, and it stays so until the branch is there again.
      return core.state.domain.released.has(branchDeleted)
        ? []
        : holdOnce(
            core,
            branchHold(core, branchDeleted, 'was deleted; what was accepted last goes on'),
            null,
          );
    case 'forced':
      return holdOnce(
        core,
        branchHold(
          core,
          'branch.forced',
          `was forced to ${judged.revision.slice(0, 7)}, which does not follow what was accepted last`,
        ),
        judged.revision,
      );
    case 'loaded':
      return judgeLoaded(core, tips, judged);
  }
}

const branchDeleted = 'branch.deleted';

/** How the look itself went: a repository that cannot be read is told as long as it lasts. */
function noteLook(core: Core, judged: Judged): void {
  if (judged.kind !== 'unavailable') return core.troubles.end('tip');
  if (judged.isEmpty === true) return core.ports.log.write('info', core.ports.redact(judged.message));
  core.troubles.begin('tip', {
    type: 'unreachable',
    code: 'tip.unreadable',
    message: `the tracked branch cannot be looked at, what was accepted last goes on: ${judged.message}`,
    command: 'heliostat doctor',
  });
}

/** The branch is there: that it may be deleted was said of the last time. */
function endRelease(core: Core): Item[] {
  return core.state.domain.released.has(branchDeleted) ? [ended(core, branchDeleted)] : [];
}

function branchHold(core: Core, code: string, what: string): Hold {
  return {
    id: code,
    code,
    reason: `the tracked branch ${core.state.domain.branch ?? ''} ${what}`,
    releasedBy: 'an operator, or the branch as it was',
    command: `heliostat approve ${code} --domain ${core.domain} --reason TEXT`,
  };
}

/** A hold that stands already for the same commit is not begun again. */
function holdOnce(core: Core, hold: Hold, revision: Revision | null): Item[] {
  const known = core.state.domain.holds.get(hold.id);
  return known !== undefined && known.revision === revision
    ? []
    : [inDomain({ kind: 'hold.began', hold, revision })];
}

function endHolds(core: Core, ids: readonly string[]): Item[] {
  return ids.filter((id) => core.state.domain.holds.has(id)).map((id) => ended(core, id));
}

function ended(core: Core, id: string): Item {
  const { redact } = core.ports;
  return inDomain({
    kind: 'hold.ended',
    id,
    released: false,
    who: redact('heliostat'),
    reason: redact('its cause is gone'),
  });
}

/** Whatever stood in the way of a tip, or of a look at it, is judged anew with each tip that is read. */
function endPastHolds(core: Core, standing: readonly Hold[] = []): Item[] {
  const kept = new Set(standing.map((hold) => hold.id));
  const past = [...core.state.domain.holds.values()].filter(
    ({ hold, revision }) => (revision !== null || hold.id === 'branch.deleted') && !kept.has(hold.id),
  );
  return endHolds(
    core,
    past.map(({ hold }) => hold.id),
  );
}

function judgeLoaded(core: Core, tips: TipWatcher, judged: Extract<Judged, { kind: 'loaded' }>): Item[] {
  const { state, ports } = core;
  const { loaded, commit } = judged;
  if (loaded.kind === 'cancelled') return [];
  if (loaded.kind === 'unavailable') return [];
  const arrival = arrivalOf(state, commit.oid);
  const items = isKnownUnjudged(core, commit.oid)
    ? endRelease(core)
    : [...endRelease(core), ...arrive(state, commit, judged.between, ports.redact)];
  if (loaded.kind === 'noDomain') {
    const lost = domainLost(core);
    return [
      ...items,
      ...endPastHolds(core),
      ...reject(commit.oid, arrival, lost, lost.diagnostics, ports.redact),
    ];
  }
  if (loaded.kind === 'rejected' || !loaded.validation.accepted) {
    return [
      ...items,
      ...endPastHolds(core),
      ...reject(commit.oid, arrival, loaded.validation, loaded.validation.diagnostics, ports.redact),
    ];
  }
  const renamed = renamedFrom(core.domain, loaded.model);
  if (renamed !== null)
    return [
      ...items,
      ...endPastHolds(core),
      ...reject(commit.oid, arrival, loaded.validation, [renamed], ports.redact),
    ];
  const again = judged.again || isTriedAgain(core, commit.oid);
  const plan = planFor(
    state,
    loaded.desired,
    scopeOf(core, loaded.validation, loaded.desired, again || state.domain.down),
    {
      revision: commit.oid,
      basis: { kind: 'live', atMs: ports.clock.wallMs() },
    },
  );
  if (hasErrors(plan.diagnostics))
    return [
      ...items,
      ...endPastHolds(core),
      ...reject(commit.oid, arrival, loaded.validation, plan.diagnostics, ports.redact),
    ];
  const accepted = accept(state, plan, loaded.validation, {
    revision: commit.oid,
    arrival,
    desired: loaded.desired,
    scope: owed(core, again, changedBy(loaded.validation, loaded.desired)),
  });
  if (ports.forge !== undefined) core.plans.keep(commit.oid, plan);
  const asked = [
    ...plan.holds,
    ...pathHold(core, plan, accepted),
    ...otherPlanHold(core.domain, judged.shown, plan),
  ];
  const holds = openHolds(core, asked, commit.oid);
  if (holds.length > 0)
    return [
      ...items,
      ...endPastHolds(core, holds),
      ...holds.flatMap((hold) => holdOnce(core, hold, commit.oid)),
    ];
  tips.accepted(commit.oid, loaded.model);
  return [...items, ...endPastHolds(core), ...accepted];
}

/** A commit without the domain's own file asks for nothing that could be understood; least of all that everything goes. */
function domainLost(core: Core): Validation {
  const { domain } = core.options;
  const folder = domain.kind === 'folder' && domain.folder !== '' ? `${domain.folder}/` : '';
  return {
    accepted: false,
    diagnostics: [
      {
        code: 'domain.missing',
        severity: 'error',
        message: `there is no ${folder}heliostat.yaml for domain ${core.domain} in this commit`,
        file: `${folder}heliostat.yaml`,
        line: 0,
        column: 0,
        fix: `Restore it: git checkout HEAD~ -- ${folder}heliostat.yaml. To take everything down, use heliostat down.`,
      },
    ],
    stale: [],
    tip: core.state.domain.validated,
    releases: [],
    changed: [],
    touched: 0,
  };
}

/** Held, or interrupted before its verdict: the arrival stands in the journal already. */
function isKnownUnjudged(core: Core, revision: Revision): boolean {
  const known = core.state.domain.revisions.get(revision);
  return core.state.domain.tip === revision && known?.state === 'seen' && !('*' in known.verdicts);
}

/** Accepted before, it has arrived once more and is held: each look until its verdict is one at all that it asks for. */
function isTriedAgain(core: Core, revision: Revision): boolean {
  return core.state.domain.accepted === revision && isKnownUnjudged(core, revision);
}

/** What the commit changes. A stale solution keeps what it was: that its model cannot be read is no wish that it goes. */
function changedBy(validation: Validation, desired: DesiredDomain): SolutionName[] {
  const kept = new Set(
    validation.stale.map(({ solution }) => solution).filter((name) => !desired.solutions.has(name)),
  );
  return validation.changed.filter((name) => !kept.has(name));
}

/** What a plan has to look at beside what has changed: all that was not planned yet, or that a person has changed. */
function scopeOf(
  core: Core,
  validation: Validation,
  desired: DesiredDomain,
  everything: boolean,
): SolutionName[] {
  const changed = changedBy(validation, desired);
  const { tables, domain } = core.state;
  const isAll = everything || domain.accepted === null;
  const stale = new Set(validation.stale.map(({ solution }) => solution));
  const held = (isAll ? [...tables.solutions.keys()] : unplanned(tables).map(({ name }) => name)).filter(
    (name) => desired.solutions.has(name) || !stale.has(name),
  );
  const freed = [...tables.solutions.values()]
    .filter((solution) => isCauseGone(solution, desired.solutions, tables.solutions))
    .map(({ name }) => name);
  return [...new Set([...changed, ...held, ...freed, ...(isAll ? desired.solutions.keys() : [])])];
}

/** What a verdict is owed for: what the commit changes, and what is tried again. */
function owed(core: Core, again: boolean, changed: readonly SolutionName[]): SolutionName[] {
  if (!again) return [...changed];
  const { tables, domain } = core.state;
  const owed = [...tables.solutions.values()].filter(
    (solution) =>
      solution.rollout?.phase === 'paused' ||
      isUnwell(solution.rollout?.phase) ||
      // Its own rollout that is still under way: there is no verdict before its end.
      (isOpen(solution) && solution.rollout?.revision === domain.tip),
  );
  return [...new Set([...changed, ...owed.map((solution) => solution.name)])];
}

function openHolds(core: Core, holds: readonly Hold[], revision: Revision): Hold[] {
  return holds.filter((hold) => core.state.domain.released.get(hold.id) !== revision);
}

/** Above this the deadlines of the rollout have to tell; a simulation would keep the commit waiting. */
const simulatedInstances = 200;

/** The revision itself is sound, but from what runs now no sequence of allowed actions leads to it. */
function pathHold(core: Core, plan: Plan, accepted: readonly Item[]): Hold[] {
  const upgrades = plan.changes.some(
    ({ action }) => action === 'update' || action === 'replace' || action === 'retire',
  );
  const instances = plan.changes.reduce(
    (sum, { before, after }) => sum + (before?.size ?? 0) + (after?.size ?? 0),
    0,
  );
  const isKnown = plan.holds.some(({ code }) => code === 'plan.noPath');
  if (isKnown || !upgrades || instances > simulatedInstances) return [];
  const planned = accepted.flatMap((item) =>
    item.solution === null ? [] : [{ solution: item.solution, entry: item.entry }],
  );
  const { ends } = simulate({ ...core.world, seen: asSettled(core.state.tables) }, planned);
  if (ends) return [];
  const names = plan.changes.map(({ element }) => element).join(', ');
  return [
    noPath(
      core.domain,
      `from what runs now no sequence of steps leads to this commit without breaking a consumer (${names})`,
    ),
  ];
}
