import { expect, it } from 'vitest';
import { fromUtf8, utf8 } from '../../../src/core/base/bytes.js';
import type { BindingKey, ElementName, InstanceId, Revision } from '../../../src/core/base/names.js';
import { safe } from '../../../src/core/base/safe-text.js';
import type { Entry } from '../../../src/core/journal/entry.js';
import { domainStream, solutionStream } from '../../../src/core/journal/entry.js';
import type { State } from '../../../src/core/journal/fold.js';
import { decodeState, emptyState, encodeState, foldRecord } from '../../../src/core/journal/fold.js';
import type { Facts } from '../../../src/core/rollout/facts.js';
import { unseen } from '../../../src/core/rollout/world.js';
import { statusView } from '../../../src/core/status/summary.js';
import type { ConditionView } from '../../../src/core/status/view.js';
import { desiredElement, domain, plannedEntry, shop } from '../../support/desired.js';

const api = 'api' as ElementName;
const binding = 'expose' as BindingKey;
const instance = 'test/shop/api/1.0.0~00000000/0' as InstanceId;
const person = { who: safe('ada'), reason: safe('why not') };

const ofShop = solutionStream(shop);
const runs: readonly Entry[] = [
  plannedEntry([desiredElement({ name: 'api' })]),
  { kind: 'instance.assigned', instance, runtime: { address: '127.0.0.1', port: 1, placement: {} } },
  { kind: 'listener.assigned', element: api, binding, port: 80 },
];

/** Each entry is a second younger than the one before, and the first of them an hour and a second old. */
function folded(stream: string, entries: readonly Entry[], state = emptyState(domain)): State {
  for (const entry of entries) {
    const sequence = state.records + 1;
    const wallMs = 3_600_000 + sequence * 1_000;
    foldRecord(state, { stream, sequence, epoch: 1, at: sequence, wallMs, entry, schema: 1 });
  }
  return state;
}

/** As a reader of `status` sees it, with somebody else in the place of every instance. */
function conditionsOf(state: State): readonly ConditionView[] {
  const seen = { ...unseen, presence: 'present' as const, foreignHome: '/elsewhere' };
  const facts = { seen: () => seen, consumers: () => [], element: () => null, begunAt: 0, now: 0 };
  const extra = { controller: null, observedAtMs: null, conditions: [] };
  const view = statusView(state, facts as unknown as Facts, extra);
  return [...view.conditions, ...view.solutions.flatMap(({ conditions }) => conditions)];
}

function sinceOf(state: State, type: string): number | undefined {
  return conditionsOf(state).find((each) => each.type === type)?.sinceMs;
}

const drift = (reason: string | null): Entry => ({
  kind: 'element.drift',
  element: api,
  reason: reason === null ? null : safe(reason),
});
const route = (failure: string | null): Entry => ({
  kind: 'route.ended',
  element: api,
  binding,
  failure: failure === null ? null : safe(failure),
});
const foreign: Entry = { kind: 'instance.foreign', instance, foreign: true };

it.each([
  ['drift', [drift('is gone'), drift('is gone and changed')]],
  ['unroutable', [route('no answer'), route('no answer again')]],
  ['held', [foreign, { kind: 'instance.healthy', instance }]],
  ['detached', [{ kind: 'solution.detached', ...person }, route(null)]],
] as const)('%s is as old as the entry that began it, through a snapshot too', (type, entries) => {
  const state = folded(ofShop, [...runs, ...entries] as Entry[]);
  const began = 3_600_000 + (runs.length + 1) * 1_000;

  expect(sinceOf(state, type)).toBe(began);
  expect(sinceOf(decodeState(encodeState(state)) as State, type)).toBe(began);
});

it.each([
  ['drift', [drift('is gone'), drift(null), drift('is gone')]],
  ['unroutable', [route('no answer'), route(null), route('no answer')]],
  ['held', [foreign, { ...foreign, foreign: false }, foreign]],
  [
    'detached',
    [
      { kind: 'solution.detached', ...person },
      { kind: 'solution.attached', ...person },
      { kind: 'solution.detached', ...person },
    ],
  ],
] as const)('%s that was over and comes again is as old as its return', (type, entries) => {
  const state = folded(ofShop, [...runs, ...entries] as Entry[]);

  expect(sinceOf(state, type)).toBe(3_600_000 + (runs.length + 3) * 1_000);
});

it('down is as old as the first word of it, and ends with the commit that brings everything back', () => {
  const down: Entry = { kind: 'domain.down', ...person };
  const state = folded(domainStream, [down, down]);
  expect(sinceOf(state, 'down')).toBe(3_601_000);

  const accepted: Entry = {
    kind: 'revision.accepted',
    revision: 'r1' as Revision,
    arrival: 1,
    scope: [],
    stale: [],
    releases: [],
    tip: { errors: {} },
    diagnostics: [],
  };
  expect(sinceOf(folded(domainStream, [accepted], state), 'down')).toBeUndefined();
  expect(sinceOf(folded(domainStream, [down], state), 'down')).toBe(3_604_000);
});

it('a snapshot of before the times were kept reads, and says that nobody noted them', () => {
  const state = folded(ofShop, [...runs, drift('is gone'), { kind: 'solution.detached', ...person }]);
  folded(domainStream, [{ kind: 'domain.down', ...person }], state);
  const text =
    fromUtf8(encodeState(state))?.replaceAll(/,"(?:drift|detached|down)SinceWallMs":\d+/g, '') ?? '';
  expect(text).not.toContain('SinceWallMs":3');
  const old = decodeState(utf8(text)) as State;

  for (const type of ['drift', 'detached', 'down']) expect(sinceOf(old, type), type).toBe(0);
});
