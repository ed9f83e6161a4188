import { canonicalJson } from '../../../core/base/data.js';
import { exposeBinding, type ElementKey } from '../../../core/base/names.js';
import { elementAt } from '../../../core/rollout/tables.js';
import type { Model } from './base-model.js';
import type { House } from './house.js';

/** Everything that exists and everything that the controller holds it to, in lines that name no run-time value, sorted. */
export function truthOf(house: House): string[] {
  const { domainId } = house.engine.core.world;
  return [...resources(house), ...routes(house), ...memory(house)]
    .map((line) => line.replaceAll(domainId, '<id>'))
    .sort();
}

function resources(house: House): string[] {
  const { technology } = house.world;
  return [...technology.resources.values()].map((resource) => {
    const { id, provider, owner, home, state, sick } = resource;
    const configuration = named(house, canonicalJson(house.configurations.get(id) ?? null));
    return `${id} of ${owner} at ${home} by ${provider}: ${state}${sick ? ' sick' : ''} with ${configuration}`;
  });
}

function routes(house: House): string[] {
  return [...house.world.technology.routes.values()].map(({ task, backends }) => {
    const { key, scheme, port } = task;
    const element = elementAt(
      house.engine.core.state.tables,
      key.slice(key.indexOf(':') + 1, key.indexOf('#')) as ElementKey,
    );
    // Whoever has an assigned port keeps what was assigned first, though it is one that was written once.
    const isAssigned = key.endsWith(`#${exposeBinding}`) && element?.target?.expose?.port === 'auto';
    const at = isAssigned ? 'some port' : named(house, String(port));
    const to = backends.map(({ instance, weight }) => `${instance} ${weight}`).sort();
    return `${key} ${scheme} on ${at} → ${to.join(', ')}`;
  });
}

function memory(house: House): string[] {
  const lines: string[] = [];
  for (const solution of house.engine.core.state.tables.solutions.values()) {
    for (const element of solution.elements.values()) {
      lines.push(
        `memory ${element.key} is to be ${canonicalJson(element.target === null ? null : { ...element.target, position: null })}`,
      );
      for (const { key, definition, policy, instances } of element.clusters.values()) {
        const states = [...instances.values()]
          .map(({ ordinal, lifecycle }) => `#${ordinal} ${lifecycle}`)
          .sort();
        if (instances.size > 0)
          lines.push(
            `memory ${element.key} ${key} is ${states.join(' ')} by ${canonicalJson({ definition, policy })}`,
          );
      }
    }
  }
  return lines;
}

/** Ports that were assigned have the name of what they were assigned to. */
function named(house: House, text: string): string {
  const { technology } = house.world;
  const names = new Map<string, string>();
  for (const { port, id } of technology.resources.values())
    if (port !== null) names.set(String(port), `<${id}>`);
  for (const { task } of technology.routes.values()) names.set(String(task.port), `<${task.key}>`);
  return text.replace(/\b2[0-9]{4}\b/g, (digits) => names.get(digits) ?? digits);
}

/** What runs by the word of the model itself, read without a line of the engine: `shop/api 1.0.0 #0 active`. */
export function wanted(model: Model): string[] {
  const lines: string[] = [];
  for (const document of model.values()) {
    if (document['kind'] !== 'Solution') continue;
    const elements = (document['elements'] ?? {}) as Readonly<Record<string, Wish>>;
    for (const [name, { version, size, clusters }] of Object.entries(elements))
      for (const [of, cluster] of Object.entries(clusters ?? { [version ?? '']: { size: size ?? 1 } }))
        for (let ordinal = 0; ordinal < (cluster.size ?? 1); ordinal++)
          if (cluster.state !== 'initial')
            lines.push(`${String(document['name'])}/${name} ${of} #${ordinal} ${cluster.state ?? 'active'}`);
  }
  return lines.sort();
}

interface Wish {
  readonly version?: string;
  readonly size?: number;
  readonly clusters?: Readonly<Record<string, { readonly state?: string; readonly size?: number }>>;
}

/** The same of what exists. */
export function existing(house: House): string[] {
  return house.world.technology
    .summary()
    .map((line) => line.replace(/~[0-9a-f]{8}/, ''))
    .sort();
}
