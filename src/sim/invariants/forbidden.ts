import { splitInstanceId } from '../../core/base/names.js';
import type { SolutionEntry } from '../../core/rollout/entries.js';
import { contains, pauseOver } from '../../core/rollout/pause.js';
import type { Life } from '../life.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';

/** 11. What failed stays out until Git asks for something else, or a person has it tried again. */
export function quarantineHolds({ world }: Stage): Watcher {
  const out = new Map<Life, Set<string>>();
  const ofLife = (life: Life): Set<string> => {
    const known = out.get(life) ?? new Set<string>();
    out.set(life, known);
    return known;
  };
  return {
    booted(life) {
      for (const { name, quarantine } of life.engine?.core.state.tables.solutions.values() ?? [])
        for (const { element, cluster } of quarantine?.clusters ?? [])
          ofLife(life).add(`${name}/${element}/${cluster}`);
    },
    died: (life) => void out.delete(life),
    asked(request) {
      if (request.verb !== 'retry') return;
      const target = request.target.split('/').slice(1).join('/') || '*';
      for (const known of out.values())
        for (const one of known) if (contains(target as never, one as never)) known.delete(one);
    },
    recorded(life, { stream, entry }) {
      const known = entry as SolutionEntry | { readonly kind: 'revision.accepted' };
      const held = ofLife(life);
      if (known.kind === 'rollout.reverting')
        for (const { element, cluster } of known.clusters)
          held.add(`${stream.slice('solution/'.length)}/${element}/${cluster}`);
      if (known.kind === 'revision.accepted') forget(life, held);
      if (known.kind !== 'operation.begun' || known.transition !== 'start') return;
      const parts = splitInstanceId(known.instance);
      if (parts !== null && held.has(`${parts.element}/${parts.cluster}`))
        world.violate(
          11,
          `${known.instance} is started, and its cluster is in quarantine (by ${life.number})`,
        );
    },
  };
}

/** What Git does not ask for any more. */
function forget({ engine }: Life, held: Set<string>): void {
  const desired = engine?.tips.base?.desired;
  for (const one of held) {
    const [solution = '', element = '', cluster = ''] = one.split('/');
    const asked = desired?.get(solution as never)?.elements.get(element as never)?.clusters ?? [];
    if (!asked.some(({ key }) => key === cluster)) held.delete(one);
  }
}

/** 11. Nothing is begun in what a person has paused. */
export function pauseHolds({ world }: Stage): Watcher {
  return {
    recorded({ engine, number }, { stream, entry }) {
      const pauses = engine?.core.state.domain.pauses ?? [];
      const known = entry as SolutionEntry;
      const begins = [
        'operation.begun',
        'instance.draining',
        'route.begun',
        'step.begun',
        'gate.begun',
      ].includes(known.kind);
      if (pauses.length === 0 || !begins) return;
      const key =
        'instance' in known
          ? splitInstanceId(known.instance)?.element
          : 'element' in known
            ? `${stream.slice('solution/'.length)}/${known.element}`
            : undefined;
      const pause = key === undefined ? null : pauseOver(pauses, key as never);
      if (pause !== null) world.violate(11, `${known.kind} in ${key}, which is paused (by ${number})`);
    },
  };
}
