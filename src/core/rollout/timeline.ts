import type { Transition } from '../base/desired.js';
import type { ClusterKey, ElementKey } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { Activity, PreviewRow, PreviewSpan } from '../plan/types.js';
import type { ElementView, InstanceView } from './view.js';

type Counts = { [activity in Activity]?: number };

interface Row {
  readonly element: ElementKey;
  readonly cluster: ClusterKey;
  readonly spans: PreviewSpan[];
  /** What goes on now; null: there is nothing of it. */
  open: { readonly fromMs: number; readonly counts: Counts } | null;
}

const during: { readonly [transition in Transition]: Activity } = {
  create: 'creating',
  configure: 'configuring',
  start: 'starting',
  reconfigure: 'reconfiguring',
  stop: 'stopping',
  destroy: 'destroying',
  reset: 'resetting',
};

/** Remembers of each element and version what its instances were about, and when. */
export class Timeline {
  private readonly rows = new Map<ElementKey, Map<ClusterKey, Row>>();

  note(view: ElementView, atMs: number): void {
    const { key } = view.element;
    const now = new Map<ClusterKey, Counts>();
    for (const instance of view.instances) {
      const activity = activityOf(instance);
      if (activity === null) continue;
      const counts = now.get(instance.cluster.key) ?? {};
      counts[activity] = (counts[activity] ?? 0) + 1;
      now.set(instance.cluster.key, counts);
    }
    const rows = this.rows.get(key) ?? new Map<ClusterKey, Row>();
    this.rows.set(key, rows);
    for (const [cluster, counts] of now) {
      const row = rows.get(cluster) ?? { element: key, cluster, spans: [], open: null };
      rows.set(cluster, row);
      become(row, counts, atMs);
    }
    for (const row of rows.values()) if (!now.has(row.cluster)) become(row, null, atMs);
  }

  gone(key: ElementKey, atMs: number): void {
    for (const row of this.rows.get(key)?.values() ?? []) become(row, null, atMs);
  }

  /** Sorted by element, and by when its versions first appear. */
  until(endMs: number): readonly PreviewRow[] {
    return [...this.rows.keys()].sort(byCodeUnit).flatMap((key) => {
      const rows = [...(this.rows.get(key)?.values() ?? [])];
      for (const row of rows) become(row, null, endMs);
      const drawn = rows.filter(({ spans }) => spans.length > 0);
      drawn.sort((a, b) => startOf(a) - startOf(b) || byCodeUnit(a.cluster, b.cluster));
      return drawn.map(({ element, cluster, spans }) => ({ element, cluster, spans }));
    });
  }
}

function startOf({ spans }: Row): number {
  return spans[0]?.fromMs ?? 0;
}

function become(row: Row, counts: Counts | null, atMs: number): void {
  const { open } = row;
  if (open !== null && counts !== null && isEqual(open.counts, counts)) return;
  // What lasts no time cannot be drawn.
  if (open !== null && open.fromMs < atMs)
    row.spans.push({ fromMs: open.fromMs, toMs: atMs, instances: open.counts });
  row.open = counts === null ? null : { fromMs: atMs, counts };
}

function isEqual(a: Counts, b: Counts): boolean {
  const keys = Object.keys(a) as Activity[];
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function activityOf({ state, healthy }: InstanceView): Activity | null {
  if (state.operation !== null) return during[state.operation.transition];
  switch (state.lifecycle) {
    case 'initial':
      return null;
    case 'inactive':
    case 'failure':
      return 'waiting';
    case 'active':
      return state.draining !== null ? 'draining' : healthy ? 'serving' : 'turningHealthy';
  }
}
