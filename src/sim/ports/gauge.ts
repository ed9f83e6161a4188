import { safe } from '../../core/base/safe-text.js';
import type { GateAnswer } from '../../core/rollout/gate.js';
import type { Gauge, GateTarget } from '../../ports/gate.js';
import { lost, type Incarnation } from '../incarnation.js';
import type { World } from '../world.js';

/** A gate is passed where all new instances are well, and of a version that does what it is for. */
export function gaugeOf(incarnation: Incarnation): Gauge {
  const { world } = incarnation;
  return {
    measure(gate, target) {
      const moment = `gate ${gate.name} ${target.instances[0]?.id ?? ''}`;
      return incarnation.call({
        port: 'gauge',
        verb: 'measure',
        key: gate.name,
        place: 'elsewhere',
        afterMs: world.latency(moment),
        run() {
          if (world.faults.strikes('gate.slow', moment)) return lost;
          const answer = answerOf(world, target, moment);
          world.tell((watcher) => watcher.measured?.(incarnation, gate.name, target, answer));
          return answer;
        },
      });
    },
  };
}

function answerOf(world: World, { instances }: GateTarget, moment: string): GateAnswer {
  if (instances.length === 0 || world.faults.strikes('gate.unmeasured', moment))
    return { outcome: 'unmeasured', detail: safe('nobody answers') };
  const isGood = instances.every(({ id }) => world.technology.passesGates(id));
  const told = world.faults.strikes('gate.wrong', moment) ? !isGood : isGood;
  return { outcome: told ? 'passed' : 'failed', detail: safe(told ? '200' : '503') };
}
