import { byCodeUnit } from '../core/base/order.js';
import type { SafeText } from '../core/base/safe-text.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain } from '../core/journal/entry.js';
import type { ConditionView } from '../core/status/view.js';
import type { EnginePorts } from './ports.js';

/** Something of the world that fails, and goes on failing until it does not. */
export interface Trouble {
  /** One word for the condition: `unreachable`, `unresponsive`, … */
  readonly type: string;
  /** The code under which `heliostat explain` tells of it. */
  readonly code: string;
  /** Foreign text in it is redacted here. */
  readonly message: string;
  readonly command: string;
}

/** As long as nothing can be written to the status branch. */
export function unwrittenTrouble(problem: string): Trouble {
  return {
    type: 'unwritten',
    code: 'status.unwritten',
    message: `the status branch cannot be written: ${problem}`,
    command: 'heliostat doctor',
  };
}

interface Known extends Trouble {
  readonly message: SafeText;
  readonly sinceWallMs: number;
}

/**
 * What fails around the controller, each under a key until it is over: shown in `status` as long as it lasts, logged and
 * journaled once at its beginning and once at its end, however often it was met in between.
 */
export class Troubles {
  private readonly known = new Map<string, Known>();
  /** Keys of which the journal knows. */
  private readonly told = new Set<string>();
  private over: { readonly key: string; readonly trouble: Known }[] = [];

  constructor(private readonly ports: Pick<EnginePorts, 'clock' | 'log' | 'redact'>) {}

  begin(key: string, trouble: Trouble): void {
    const before = this.known.get(key);
    const message = this.ports.redact(trouble.message);
    if (before?.message === message) return;
    const sinceWallMs = before?.sinceWallMs ?? this.ports.clock.wallMs();
    this.known.set(key, { ...trouble, message, sinceWallMs });
    this.ports.log.write('warn', message, { code: trouble.code });
  }

  end(key: string): void {
    const trouble = this.known.get(key);
    if (trouble === undefined) return;
    this.known.delete(key);
    this.over.push({ key, trouble });
    this.ports.log.write('info', this.ports.redact(`over: ${trouble.message}`), { code: trouble.code });
  }

  has(key: string): boolean {
    return this.known.has(key);
  }

  /** Sorted by key, so that a status says the same twice. */
  conditions(): ConditionView[] {
    return [...this.known]
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([, { type, code, message, sinceWallMs, command }]) => ({
        type,
        reason: code,
        message,
        sinceMs: sinceWallMs,
        command,
      }));
  }

  /** What the journal does not know yet; it does after this call. What came and went in between is not worth an entry. */
  news(): Item[] {
    const items: Item[] = [];
    for (const { key, trouble } of this.over) {
      if (!this.told.delete(key)) continue;
      const { code, message, sinceWallMs } = trouble;
      items.push(inDomain({ kind: 'trouble.ended', trouble: code, message, sinceWallMs }));
    }
    this.over = [];
    for (const [key, { code, message }] of this.known) {
      if (this.told.has(key)) continue;
      this.told.add(key);
      items.push(inDomain({ kind: 'trouble.began', trouble: code, message }));
    }
    return items;
  }
}
