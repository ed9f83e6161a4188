import { describe, expect, it } from 'vitest';
import type { ElementKey, Revision } from '../../../src/core/base/names.js';
import { emptyState, type State } from '../../../src/core/journal/fold.js';
import { emptyUnwritten } from '../../../src/core/journal/unwritten.js';
import { subjectOf } from '../../../src/core/status/subject.js';

type Running = readonly (readonly [version: string, lifecycles: readonly string[]])[];

describe('the subject of a status commit', () => {
  it('says what runs of each changed element, newest version first, so that the log tells the rollout', () => {
    const state = stateWith({
      api: [
        ['1.0.0', ['active']],
        ['1.1.0', ['active', 'active', 'inactive']],
      ],
      web: [['1.0.0', ['inactive']]],
    });

    expect(subjectFor(state, ['shop/web', 'shop/api', 'shop/old'])).toBe(
      'demo: api 1.1.0 ×2 + 1.0.0 ×1, old gone, web not running',
    );
  });

  it('stays one line when much has changed', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const state = stateWith(Object.fromEntries(names.map((name) => [name, [['1.0.0', ['active']]]])));

    const keys = names.map((name) => `shop/${name}`);
    expect(subjectFor(state, keys)).toBe('demo: a 1.0.0 ×1, b 1.0.0 ×1, c 1.0.0 ×1, and 2 more');
  });

  it('gives way to the verdict on a revision, which people look for', () => {
    const state = stateWith({});
    const revision = 'abcdef0123'.repeat(4) as Revision;
    const known = { revision, state: 'accepted', scope: [], verdicts: {} };
    state.domain.revisions.set(revision, known as never);

    expect(subjectFor(state, ['shop/api'], [revision])).toMatch(/^demo: abcdef0 [a-z]+$/);
  });

  it('is never empty, though nothing but the memory changed', () => {
    expect(subjectFor(stateWith({}), [])).toBe('demo: notes for a restart');
  });
});

function subjectFor(state: State, elements: readonly string[], revisions: readonly Revision[] = []): string {
  const unwritten = emptyUnwritten();
  for (const key of elements) unwritten.elements.add(key as ElementKey);
  for (const revision of revisions) unwritten.revisions.add(revision);
  return subjectOf(state, unwritten);
}

function stateWith(elements: Readonly<Record<string, Running>>): State {
  const state = emptyState('demo' as never);
  const running = Object.entries(elements).map(([name, clusters]) => [name, elementWith(clusters)] as const);
  state.tables.solutions.set('shop' as never, { elements: new Map(running) } as never);
  return state;
}

function elementWith(clusters: Running): unknown {
  return {
    clusters: new Map(
      clusters.map(([version, lifecycles]) => [
        version,
        {
          definition: { version },
          instances: new Map(lifecycles.map((lifecycle, ordinal) => [ordinal, { lifecycle }])),
        },
      ]),
    ),
  };
}
