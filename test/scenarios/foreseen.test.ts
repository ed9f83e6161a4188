import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stage, type Finished, type Stage } from '../support/heliostat.js';
import { journalLines, type JournalLine } from '../support/scenario/journal.js';
import { app, domainFile, smallModel, solution } from '../support/scenario/model.js';

const within = 90_000;

/** What is nearer to each other than this may come in any order: processes take the time that they take. */
const distinctMs = 1_000;

interface Step {
  readonly atMs: number;
  readonly transition: string;
  readonly instance: string;
}

interface Planned {
  readonly edges: readonly { readonly first: string; readonly then: string; readonly reason: string }[];
  readonly rollout: {
    readonly steps: readonly Step[];
    readonly minHealthy: Readonly<Record<string, number>>;
    readonly peak: Readonly<Record<string, number>>;
    readonly basis: { readonly rollouts: number; readonly assumedSteps: number };
  };
}

test(
  'an upgrade of two coordinated elements goes as the plan has shown it: the same steps in the same order, no fewer healthy and no more at once; the next plan knows how long they took',
  async () => {
    const s = await stage(shop());
    const first = planned(await s.call('plan', '--json'));
    expect(first.rollout.basis).toEqual({ rollouts: 0, assumedSteps: first.rollout.steps.length });
    expect((await s.call('apply')).code).toBe(0);

    s.commit(both('2.0.0'), 'Raise both');
    const foreseen = planned(await s.call('plan', '--json'));
    expect(foreseen.edges).toMatchObject([
      {
        first: 'test/shop/web',
        then: 'test/shop/api',
        reason: 'api 2.0.0 does not serve web 1.0.0 (>=1.0.0 <2.0.0)',
      },
    ]);
    expect(foreseen.rollout.basis.rollouts).toBe(1);
    const before = journal(s).length;
    expect((await s.call('apply')).code).toBe(0);

    const happened = whatHappened(journal(s), before);
    expect(names(happened.steps).sort()).toEqual(names(foreseen.rollout.steps).sort());
    expect(outOfOrder(foreseen.rollout.steps, happened.steps)).toEqual([]);
    expect(happened.minHealthy).toEqual(foreseen.rollout.minHealthy);
    expect(happened.peak).toEqual(foreseen.rollout.peak);

    s.commit(both('1.0.0'), 'Go back');
    const text = await s.call('plan');
    expect(text.stdout).toMatch(/steps in about .* \(from 2 earlier rollouts/);
    expect(text.stdout).toContain('api before web: api 2.0.0');
    rmSync(join(s.repository, '.heliostat/state'), { recursive: true });
    const remembered = planned(await s.call('plan', '--json'));
    expect(remembered.rollout.basis.rollouts, 'the status branch remembers it as well').toBe(2);
    const drawn = await s.call('plan', '--format', 'mermaid');
    expect(drawn.stdout).toMatch(/^gantt\n/);
    expect(drawn.stdout).toContain('section shop/web 2.0.0\n');
  },
  within,
);

/** The old web takes api 1 alone, the new one both: web has to go first. */
function shop(): Record<string, string> {
  const uses = (range: string): { readonly dependencies: string } => ({
    dependencies: `{ api: { type: service, component: api, version: "${range}" } }`,
  });
  return {
    ...smallModel(),
    'heliostat.yaml': domainFile().replace(
      'minHealthyTime: 200ms, drainDelay: 300ms',
      'minHealthyTime: 1500ms, drainDelay: 1200ms',
    ),
    ...app('api', '1.0.0'),
    ...app('api', '2.0.0'),
    ...app('web', '1.0.0', uses('>=1.0.0 <2.0.0')),
    ...app('web', '2.0.0', uses('>=1.0.0 <3.0.0')),
    ...both('1.0.0'),
  };
}

function both(version: string): Record<string, string> {
  return solution('shop', {
    api: `{ component: api, version: ${version}, size: 1 }`,
    web: `{ component: web, version: ${version}, size: 1, relationships: { api: api }, expose: { port: auto } }`,
  });
}

function planned({ code, stdout, stderr }: Finished): Planned {
  expect(code, stderr).toBe(2);
  return JSON.parse(stdout) as Planned;
}

function journal(s: Stage): JournalLine[] {
  return journalLines(join(s.repository, '.heliostat/state/test/journal'));
}

interface Happened {
  readonly steps: readonly Step[];
  readonly minHealthy: Readonly<Record<string, number>>;
  readonly peak: Readonly<Record<string, number>>;
}

/** Counted from what was journaled: healthy from the word of it until it leaves the rotation, live from start to stop. */
function whatHappened(lines: readonly JournalLine[], from: number): Happened {
  const steps: Step[] = [];
  const healthy = new Set<string>();
  const live = new Set<string>();
  const open = new Map<string, string>();
  const minHealthy: Record<string, number> = {};
  const peak: Record<string, number> = {};
  const measure = (): void => {
    for (const element of ['test/shop/api', 'test/shop/web']) {
      const of = (ids: ReadonlySet<string>): number =>
        [...ids].filter((id) => id.startsWith(`${element}/`)).length;
      minHealthy[element] = Math.min(minHealthy[element] ?? of(healthy), of(healthy));
      peak[element] = Math.max(peak[element] ?? 0, of(live));
    }
  };
  for (const [i, { at, entry }] of lines.entries()) {
    const instance = String(entry['instance'] ?? '');
    const transition = String(entry['transition'] ?? '');
    if (entry.kind === 'operation.begun') {
      open.set(instance, transition);
      if (transition === 'start') live.add(instance);
      if (i >= from) steps.push({ atMs: at, transition, instance });
    } else if (entry.kind === 'operation.ended' && open.get(instance) === 'stop') live.delete(instance);
    else if (entry.kind === 'instance.healthy') healthy.add(instance);
    else if (entry.kind === 'instance.draining') healthy.delete(instance);
    if (i >= from) measure();
  }
  return { steps, minHealthy, peak };
}

function names(steps: readonly Step[]): string[] {
  return steps.map(({ transition, instance }) => `${transition} ${instance}`);
}

/** Of each instance all steps are in order; of two instances those that the plan sees apart. */
function outOfOrder(foreseen: readonly Step[], happened: readonly Step[]): string[] {
  const at = new Map(names(happened).map((name, i) => [name, i]));
  const found: string[] = [];
  for (const [i, earlier] of foreseen.entries())
    for (const later of foreseen.slice(i + 1)) {
      if (earlier.instance !== later.instance && later.atMs - earlier.atMs < distinctMs) continue;
      const [a, b] = names([earlier, later]) as [string, string];
      if ((at.get(a) ?? -1) > (at.get(b) ?? -1)) found.push(`${b} came before ${a}`);
    }
  return found;
}
