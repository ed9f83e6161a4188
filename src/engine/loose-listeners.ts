import type { BindingKey, ElementKey } from '../core/base/names.js';
import { splitElementKey } from '../core/base/names.js';
import type { Item } from '../core/journal/entry.js';
import { inSolution } from '../core/journal/entry.js';
import { elementAt } from '../core/rollout/tables.js';
import type { Core } from './core.js';

const lookMs = 1_000;

/**
 * Listeners of ours that the router still has and the state has not: a crash came between the entry that let one go
 * and its effect. They are let go once more, so that no port stays taken for ever. Looked for once a start, when
 * nothing is under way: until then a listener that a lost memory does not know may be wanted again.
 */
export class LooseListeners {
  private looked = false;

  constructor(private readonly core: Core) {}

  start(): void {
    this.core.alarms.set('listeners', this.core.ports.clock.monoMs() + lookMs);
  }

  /** The alarm rang. */
  look(isSettled: boolean): void {
    if (this.looked) return;
    if (!isSettled) return this.start();
    this.looked = true;
    void this.ask();
  }

  private async ask(): Promise<void> {
    const { inbox, ports, world } = this.core;
    const { gateway } = ports.providers;
    try {
      const keys = await gateway.routes?.(`${world.domainId}:`);
      if (keys) inbox.push({ kind: 'routes', keys });
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      ports.log.write('warn', ports.redact(`the router does not say what it listens on: ${what}`));
    }
  }

  /** Of what the router has. A solution that nobody remembers, or that was let go, is none of ours. */
  items(keys: readonly string[]): Item[] {
    return keys.flatMap((key) => {
      const [, element, binding] = /^[^:]*:([^#]+)#(.+)$/.exec(key) ?? [];
      if (element === undefined || binding === undefined) return [];
      const { solution, element: name } = splitElementKey(element as ElementKey);
      const { tables } = this.core.state;
      const known = tables.solutions.get(solution);
      if (known === undefined || known.detached) return [];
      if (elementAt(tables, element as ElementKey)?.listeners.has(binding as BindingKey) === true) return [];
      return [inSolution(solution, { kind: 'listener.gone', element: name, binding: binding as BindingKey })];
    });
  }
}
