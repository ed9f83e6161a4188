import type { BindingKey } from '../core/base/names.js';
import { exposeBinding, splitInstanceId } from '../core/base/names.js';
import { safe } from '../core/base/safe-text.js';
import type { Item } from '../core/journal/entry.js';
import { inSolution } from '../core/journal/entry.js';
import type { ElementState } from '../core/rollout/state.js';
import { troubleAfter } from '../core/rollout/trouble.js';
import type { Core } from './core.js';
import type { EngineEvent } from './inbox.js';
import type { Observer } from './observe.js';
import { locate } from './observe.js';

type Of<Kind extends EngineEvent['kind']> = Extract<EngineEvent, { kind: Kind }>;

/** An effect has answered. What it says of the world is noted, what it means for the state is an entry. */
export function outcomeItems(core: Core, event: Of<'outcome'>): Item[] {
  const found = locate(core, event.instance);
  // Answers of operations that ended otherwise, by a deadline or a restart, come too late.
  if (found === null || found.instance.operation?.id !== event.operation) return [];
  const { instance, cluster } = found;
  const { outcome } = event;
  const ended = {
    kind: 'operation.ended' as const,
    operation: event.operation,
    instance: event.instance,
    outcome: outcome.kind,
  };
  if (outcome.kind === 'failed' && outcome.code === 'port.taken' && instance.runtime !== null) {
    // Somebody else has the port: no failure of the instance, it gets the next one.
    const port = core.facts.freePort(cluster.definition.provider, 0, instance.runtime.port);
    return [
      inSolution(event.solution, { ...ended, trouble: instance.trouble }),
      inSolution(event.solution, {
        kind: 'instance.assigned',
        instance: instance.id,
        runtime: { ...instance.runtime, port },
      }),
    ];
  }
  const transition = found.instance.operation.transition;
  const failure =
    outcome.kind === 'done'
      ? null
      : {
          transition,
          reason: core.ports.redact(outcome.message),
          retryable: outcome.kind === 'unknown' || outcome.retryable,
        };
  const trouble =
    failure === null
      ? keptTrouble(instance.trouble, transition)
      : troubleAfter(instance, cluster.definition.retries, failure, Math.round(core.now()));
  return [inSolution(event.solution, { ...ended, trouble })];
}

/** Success ends the troubles of going down; those of coming up end only when the instance is well. */
function keptTrouble<T extends { readonly transition: string } | null>(
  trouble: T,
  transition: string,
): T | null {
  return transition === 'stop' ||
    transition === 'destroy' ||
    transition === 'configure' ||
    transition === 'reconfigure'
    ? trouble?.transition === 'health' || trouble?.transition === 'start'
      ? trouble
      : null
    : trouble;
}

/** After its entry was folded: what the outcome showed, or that it has to be looked at before anything else. */
export function noteOutcome(core: Core, observer: Observer, event: Of<'outcome'>): void {
  const { outcome, instance } = event;
  const found = locate(core, instance);
  if (found === null) return core.sightings.forget(instance);
  const check = found.cluster.definition.health;
  if (outcome.kind === 'done' && outcome.observation !== null) {
    core.sightings.observed(outcome.observation, check !== null, core.now());
  } else {
    core.sightings.markUnknown(instance);
    observer.ask(instance);
  }
  if (found.instance.lifecycle === 'active' && check !== null) observer.probeSoon(instance, 0);
  markAround(core, instance);
}

export function routedItems(core: Core, event: Of<'routed'>): Item[] {
  const { outcome, solution, element, binding } = event;
  const failure = outcome.kind === 'done' ? null : core.ports.redact(outcome.message);
  const isTaken = outcome.kind === 'failed' && outcome.code === 'port.taken';
  const known = core.state.tables.solutions.get(solution)?.elements.get(element) ?? null;
  const isFixed = hasFixedPort(known, binding);
  const about = { kind: 'route.ended', element, binding, failure } as const;
  const ended = inSolution(solution, isTaken && isFixed ? { ...about, isTaken } : about);
  // A listener that nobody knows by its number moves on; one that people were told fails loudly.
  const port = isTaken && !isFixed ? nextPort(core, known, binding) : null;
  return port === null
    ? [ended]
    : [ended, inSolution(solution, { kind: 'listener.assigned', element, binding, port })];
}

function hasFixedPort(element: ElementState | null, binding: BindingKey): boolean {
  return binding === exposeBinding && typeof element?.target?.expose?.port === 'number';
}

function nextPort(core: Core, element: ElementState | null, binding: BindingKey): number | null {
  return core.facts.freePort('gateway', 0, element?.listeners.get(binding)?.port ?? null);
}

export function noteObserved(core: Core, observer: Observer, event: Of<'observed'>): void {
  for (const { observation, token } of event.sightings) {
    if (core.sightings.token(observation.id) !== token) continue;
    const found = locate(core, observation.id);
    if (found === null) continue;
    const probed = found.cluster.definition.health !== null;
    if (core.sightings.observed(observation, probed, core.now())) markAround(core, observation.id);
    // Of what nobody heard that it runs the entry follows in this very turn, before it is probed.
    const isUp = found.instance.lifecycle === 'active' || found.instance.operation === null;
    if (probed && isUp && observation.state === 'active') observer.keepProbing(observation.id);
  }
}

export function noteProbed(core: Core, observer: Observer, event: Of<'probed'>): void {
  const found = locate(core, event.instance);
  const check = found?.cluster.definition.health ?? null;
  if (found === null || check === null) return;
  if (
    core.sightings.token(event.instance) === event.token &&
    core.sightings.answered(event.instance, event.answer, check, core.now())
  ) {
    markAround(core, event.instance);
  }
  // A connection that is refused may mean that the process is gone: look now, not at the next poll.
  if (!event.answer.good) observer.ask(event.instance);
  if (found.instance.lifecycle === 'active') {
    core.alarms.set(`probe:${event.instance}`, core.ports.clock.monoMs() + check.intervalMs);
  }
}

function markAround(core: Core, id: string): void {
  const parts = splitInstanceId(id);
  if (parts !== null) core.dirty.markWithNeighbours(parts.element);
}

/** What a gate has shown counts for the step that it was asked for, and for no other. */
export function measuredItems(
  core: Core,
  { solution, element, gate, answer, step: asked }: Of<'measured'>,
): Item[] {
  const step = core.state.tables.solutions.get(solution)?.elements.get(element)?.track?.step;
  // An answer about what was left behind says nothing of what came after it.
  if (step?.digest !== asked || step.gates[gate]?.isOpen !== true) return [];
  const detail = core.ports.redact(answer.detail);
  return [inSolution(solution, { kind: 'gate.ended', element, gate, answer: { ...answer, detail } })];
}

/** After a restart nobody knows how the calls ended that were under way. */
export function interruptedItems(core: Core): Item[] {
  const items: Item[] = [];
  for (const solution of core.state.tables.solutions.values()) {
    for (const element of solution.elements.values()) {
      for (const [gate, { isOpen }] of Object.entries(element.track?.step?.gates ?? {}))
        if (isOpen)
          items.push(
            inSolution(solution.name, {
              kind: 'gate.ended',
              element: element.name,
              gate,
              answer: null,
            }),
          );
      for (const listener of element.listeners.values()) {
        if (listener.pending === null) continue;
        items.push(
          inSolution(solution.name, {
            kind: 'route.ended',
            element: element.name,
            binding: listener.binding,
            failure: safe('the controller was restarted'),
          }),
        );
      }
      for (const cluster of element.clusters.values()) {
        for (const instance of cluster.instances.values()) {
          if (instance.operation === null) continue;
          items.push(
            inSolution(solution.name, {
              kind: 'operation.ended',
              operation: instance.operation.id,
              instance: instance.id,
              outcome: 'unknown',
              trouble: instance.trouble,
            }),
          );
        }
      }
    }
  }
  return items;
}
