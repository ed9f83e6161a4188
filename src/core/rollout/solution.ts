import type { DomainName, ElementKey, ElementName, InstanceId } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { SafeText } from '../base/safe-text.js';
import { decideElement } from './decide.js';
import { decideRollout } from './decide-rollout.js';
import type { OtherEntry } from './go-back.js';
import type { SolutionEntry } from './entries.js';
import type { Failure } from './fail.js';
import type { Facts } from './facts.js';
import type { SolutionState } from './state.js';

export interface SolutionDecision {
  readonly entries: readonly SolutionEntry[];
  /** Of solutions that end or go back with it; to be recorded with its own, all or none. */
  readonly others: readonly OtherEntry[];
  readonly wakes: readonly { readonly element: ElementKey; readonly at: number }[];
}

/** Decides the dirty elements of one solution, and what follows for its rollout. */
export function decideSolution(
  domain: DomainName,
  solution: SolutionState,
  dirty: Iterable<ElementName>,
  facts: Facts,
): SolutionDecision {
  const entries: SolutionEntry[] = [];
  const wakes: { element: ElementKey; at: number }[] = [];
  let failing: Failure | null = null;
  let stuck: SafeText | null = null;
  const shared = new Shared(facts);
  for (const name of [...dirty].sort(byCodeUnit)) {
    const element = solution.elements.get(name);
    if (element === undefined) continue;
    const draft = decideElement(domain, solution, element, shared.facts);
    entries.push(...draft.entries);
    shared.note(draft.entries);
    failing ??= draft.failing;
    stuck ??= draft.stuck;
    if (draft.wakeAt !== null) wakes.push({ element: element.key, at: draft.wakeAt });
  }
  // The rollout is judged once its elements have nothing to say: their entries come first.
  if (entries.length > 0 && failing === null) return { entries, others: [], wakes };
  const decision = decideRollout(solution, { failing, stuck }, facts);
  return { entries: [...entries, ...decision.entries], others: decision.others, wakes };
}

/** What the elements of one decision have to know of each other before any of it was evolved. */
class Shared {
  readonly facts: Facts;
  private readonly asked = new Map<string, number>();
  private readonly given = new Set<number>();
  private readonly placed = new Map<InstanceId, number>();
  private readonly leaving = new Set<InstanceId>();
  private readonly starting = new Set<InstanceId>();

  constructor(facts: Facts) {
    this.facts = {
      ...facts,
      freePort: (provider) => this.nextPort(provider, facts),
      starting: this.starting,
      seen: (id) => (this.leaving.has(id) ? { ...facts.seen(id), health: 'unknown' } : facts.seen(id)),
      dependents: (id) => facts.dependents(id) + (this.placed.get(id) ?? 0),
    };
  }

  note(entries: readonly SolutionEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'instance.assigned')
        for (const on of Object.values(entry.runtime.placement))
          this.placed.set(on, (this.placed.get(on) ?? 0) + 1);
      else if (entry.kind === 'instance.draining') this.leaving.add(entry.instance);
      else if (entry.kind === 'operation.begun' && entry.transition === 'start')
        this.starting.add(entry.instance);
      else if (entry.kind === 'operation.begun' && entry.transition === 'stop')
        this.leaving.add(entry.instance);
    }
  }

  /** Each port is given once, though ranges of two providers may overlap. */
  private nextPort(provider: Parameters<Facts['freePort']>[0], facts: Facts): number | null {
    for (let nth = this.asked.get(provider) ?? 0; ; nth++) {
      const port = facts.freePort(provider, nth);
      if (port !== null && this.given.has(port)) continue;
      this.asked.set(provider, nth + 1);
      if (port !== null) this.given.add(port);
      return port;
    }
  }
}
