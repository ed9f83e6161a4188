import { join } from 'node:path';
import { expect } from 'vitest';
import { exposeBinding } from '../../../src/core/base/names.js';
import { byCodeUnit } from '../../../src/core/base/order.js';
import type { Stage } from '../heliostat.js';
import { journalLines, type JournalLine } from './journal.js';

export interface Step {
  /** Engine time: what was decided together has one. */
  readonly at: number;
  /** `start api 2.0.0/1`, or another transition that begins; `started …`, `stopped …`, `destroyed …`, `drain …`; `outside web 1.0.0/0 2.0.0/0`. */
  readonly what: string;
}

/** What a journal says of instances, and of whom an address for the outside sends to. */
export function stepsSince(s: Stage, first: number): Step[] {
  const open = new Map<string, string>();
  return journal(s).flatMap((line, i) => {
    const what = stepOf(line, open);
    return what === null || i < first ? [] : [{ at: line.at, what }];
  });
}

/** How much the journal says by now. */
export function journalLength(s: Stage): number {
  return journal(s).length;
}

function journal(s: Stage): JournalLine[] {
  return journalLines(join(s.repository, '.heliostat/state/test/journal'));
}

function stepOf({ entry }: JournalLine, open: Map<string, string>): string | null {
  const instance = String(entry['instance'] ?? '');
  const transition = String(entry['transition'] ?? '');
  switch (entry.kind) {
    case 'operation.begun':
      open.set(instance, transition);
      return `${transition} ${shortName(instance)}`;
    case 'operation.ended':
      return entry['outcome'] === 'done' ? endOf(open.get(instance), instance) : null;
    case 'instance.draining':
      return `drain ${shortName(instance)}`;
    case 'route.begun': {
      const backends = entry['backends'] as readonly { readonly instance: string }[];
      const names = backends.map((one) => shortName(one.instance).split(' ')[1] ?? '').sort(byCodeUnit);
      return entry['binding'] === exposeBinding
        ? `outside ${String(entry['element'])} ${names.join(' ')}`
        : null;
    }
    default:
      return null;
  }
}

function endOf(transition: string | undefined, instance: string): string | null {
  if (transition === 'start') return `started ${shortName(instance)}`;
  if (transition === 'stop') return `stopped ${shortName(instance)}`;
  return transition === 'destroy' ? `destroyed ${shortName(instance)}` : null;
}

/** `api 2.0.0/1` of `test/shop/api/2.0.0~0a1b2c3d/1`. */
function shortName(instance: string): string {
  const [, , element, cluster, ordinal] = instance.split('/');
  return `${element} ${cluster?.split('~')[0]}/${ordinal}`;
}

/** No step of a kind comes after one of the next kind, and there are some of each: `start web 2` is of every web 2. */
export function expectInOrder(steps: readonly Step[], ...kinds: readonly string[]): void {
  const all = steps.map(({ at, what }) => `${at} ${what}`).join('\n');
  const times = kinds.map((kind) => {
    const found = steps.filter(({ what }) => what === kind || what.startsWith(`${kind}.`));
    expect(found, `${kind}, of\n${all}`).not.toEqual([]);
    return found.map(({ at }) => at);
  });
  for (const [i, later] of times.slice(1).entries())
    expect(
      Math.max(...(times[i] ?? [])),
      `${kinds[i]} before ${kinds[i + 1]}, of\n${all}`,
    ).toBeLessThanOrEqual(Math.min(...later));
}
