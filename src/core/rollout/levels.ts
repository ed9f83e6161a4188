import type { ElementKey } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { Preview } from '../plan/types.js';
import type { Facts } from './facts.js';
import type { ElementState } from './state.js';
import { Timeline } from './timeline.js';
import { countHealthy, countLive, viewElement } from './view.js';

/** What a rollout does to the elements that it moves: how few of each are healthy, how many there are, and when. */
export class Levels {
  /** In the plan, or moved by what is in it. */
  private readonly affected = new Set<ElementKey>();
  private readonly least = new Map<ElementKey, number>();
  private readonly most = new Map<ElementKey, number>();
  private readonly timeline = new Timeline();

  affect(key: ElementKey): void {
    this.affected.add(key);
  }

  /** To be told whenever something of it may have changed; null: it is gone. */
  look(key: ElementKey, element: ElementState | null, atMs: number, facts: Facts): void {
    if (element === null) return this.timeline.gone(key, atMs);
    if (!this.affected.has(key)) return;
    const view = viewElement(element, facts);
    this.timeline.note(view, atMs);
    const healthy = countHealthy(view);
    this.least.set(key, Math.min(this.least.get(key) ?? healthy, healthy));
    this.most.set(key, Math.max(this.most.get(key) ?? 0, countLive(view)));
  }

  until(endMs: number): Pick<Preview, 'rows' | 'minHealthy' | 'peak'> {
    return {
      rows: this.timeline.until(endMs),
      minHealthy: sortedRecord(this.least),
      peak: sortedRecord(this.most),
    };
  }
}

function sortedRecord(map: ReadonlyMap<ElementKey, number>): { [key: ElementKey]: number } {
  return Object.fromEntries([...map.keys()].sort(byCodeUnit).map((key) => [key, map.get(key) as number]));
}
