import type { Gate } from '../core/base/canary.js';
import type { ElementKey, ElementName, SolutionName } from '../core/base/names.js';
import { exposeBinding } from '../core/base/names.js';
import { listenerAddress } from '../core/rollout/endpoints.js';
import type { GateAnswer } from '../core/rollout/gate.js';
import type { ElementState, StepState } from '../core/rollout/state.js';
import { stepsOf } from '../core/rollout/steps.js';
import { elementAt } from '../core/rollout/tables.js';
import type { CancelSource } from '../ports/clock.js';
import { cancelSource } from '../ports/clock.js';
import type { GateInstance, GateTarget } from '../ports/gate.js';
import type { Core } from './core.js';
import { TooLate, within } from './deadline.js';

/** Beyond its own limit a measurement is waited for so much longer, in milliseconds. */
const graceMs = 5_000;

/** Measures what decides whether a step may be passed; each answer enters by the inbox. Nothing is changed by it. */
export class Gates {
  private readonly open = new Set<CancelSource>();

  constructor(private readonly core: Core) {}

  measure(solution: SolutionName, element: ElementName, name: string): void {
    const found = elementAt(this.core.state.tables, `${solution}/${element}` as ElementKey);
    const step = found?.track?.step;
    const gate =
      step === undefined
        ? undefined
        : stepsOf(step.final)[step.index]?.gates.find((one) => one.name === name);
    if (found === null || step === undefined || gate === undefined) return;
    void this.ask(gate, targetOf(found, step)).then((answer) =>
      this.core.inbox.push({ kind: 'measured', solution, element, step: step.digest, gate: name, answer }),
    );
  }

  cancelAll(): void {
    for (const source of this.open) source.abort();
  }

  private async ask(gate: Gate, target: GateTarget): Promise<GateAnswer> {
    const { clock, gauge, redact } = this.core.ports;
    const source = cancelSource();
    this.open.add(source);
    try {
      return await within(clock, gate.timeoutMs + graceMs, source, () =>
        gauge.measure(gate, target, source.cancel),
      );
    } catch (error) {
      const why = error instanceof TooLate ? error.message : String(error);
      return { outcome: 'unmeasured', detail: redact(why) };
    } finally {
      this.open.delete(source);
    }
  }
}

/** The new instances of the step, and where the outside, or else a consumer, reaches the element. */
function targetOf(element: ElementState, { final }: StepState): GateTarget {
  const fresh = [...element.clusters.values()].filter(
    ({ key, everStable }) => !everStable && final.clusters.some((desired) => desired.key === key),
  );
  const instances = fresh
    .flatMap((cluster) => [...cluster.instances.values()])
    .filter(({ lifecycle }) => lifecycle === 'active')
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(({ id, runtime }): GateInstance => ({
      id,
      address: runtime?.address ?? '',
      port: runtime?.port ?? null,
    }));
  const listener = element.listeners.get(exposeBinding) ?? [...element.listeners.values()][0];
  return {
    instances,
    endpoint: listener === undefined ? null : `http://${listenerAddress}:${listener.port}`,
  };
}
