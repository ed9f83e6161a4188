import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/core/base/data.js';
import type {
  DomainName,
  ElementName,
  InstanceId,
  Revision,
  SolutionName,
} from '../../../src/core/base/names.js';
import { safe } from '../../../src/core/base/safe-text.js';
import type { Entry } from '../../../src/core/journal/entry.js';
import { domainStream, solutionStream } from '../../../src/core/journal/entry.js';
import type { State } from '../../../src/core/journal/fold.js';
import {
  decodeState,
  emptyState,
  encodeState,
  foldRecord,
  stateAsData,
} from '../../../src/core/journal/fold.js';
import type { JournalRecord } from '../../../src/core/journal/record.js';
import { encodeSolution } from '../../../src/core/rollout/encode.js';
import type { EncodedSolution } from '../../../src/core/rollout/entries.js';
import { encodeUnwritten, isWritten } from '../../../src/core/journal/unwritten.js';
import { deployed, go, modelOf } from '../../support/deployed.js';
import { desiredElement, domain, plannedEntry, shop } from '../../support/desired.js';

const revision = 'r1' as Revision;
const api = 'api' as ElementName;
const first = 'test/shop/api/1.0.0~00000000/0' as InstanceId;

/** Folds entries one after the other, as if each stood in the journal. */
function folded(
  entries: readonly (readonly [stream: string, entry: Entry])[],
  state = emptyState(domain),
): State {
  const sequences = new Map<string, number>();
  for (const [stream, entry] of entries) {
    const sequence = (sequences.get(stream) ?? 0) + 1;
    sequences.set(stream, sequence);
    const at = state.records * 10;
    const record: JournalRecord = { stream, sequence, epoch: 1, at, wallMs: 1_000 + at, entry, schema: 1 };
    foldRecord(state, JSON.parse(JSON.stringify(record)) as JournalRecord);
  }
  return state;
}

const ofShop = solutionStream(shop);
const planned: readonly [string, Entry] = [ofShop, plannedEntry([desiredElement({ name: 'api' })])];
const assigned: readonly [string, Entry] = [
  ofShop,
  {
    kind: 'instance.assigned',
    instance: first,
    runtime: { address: '127.0.0.1', port: 20_000, placement: {} },
  },
];
const begun: readonly [string, Entry] = [
  ofShop,
  { kind: 'operation.begun', instance: first, transition: 'create', digest: null, reason: safe('rollout') },
];
const seen: readonly [string, Entry] = [
  domainStream,
  {
    kind: 'tip.seen',
    revision,
    arrival: 1,
    superseded: [],
    subject: safe('one'),
    author: safe('a'),
    committedMs: 0,
  },
];

function written(state: State): readonly [string, Entry] {
  return [domainStream, { kind: 'status.written', commit: 'c1', remaining: encodeUnwritten(state.since) }];
}

describe('the state is the fold of the journal', () => {
  it('the same records give the same state, byte for byte', () => {
    const entries = [seen, planned, assigned, begun];
    expect(canonicalJson(stateAsData(folded(entries)))).toBe(canonicalJson(stateAsData(folded(entries))));
  });

  it('a snapshot anywhere and the rest of the journal give what the whole journal gives', () => {
    const entries = [seen, planned, assigned, begun];
    const whole = canonicalJson(stateAsData(folded(entries)));
    for (let cut = 0; cut <= entries.length; cut++) {
      const before = folded(entries.slice(0, cut));
      const restored = decodeState(encodeState(before)) as State;
      expect(canonicalJson(stateAsData(restored))).toBe(canonicalJson(stateAsData(before)));
    }
    expect(whole).toContain('api');
  });

  it('through a whole upgrade with a restart at its end', () => {
    const world = deployed([{ name: 'api', size: 2, expose: 8080 }]);
    go(world, modelOf([{ name: 'api', size: 2, version: '2.0.0', expose: 8080 }]));
    const live = canonicalJson(stateAsData(world.state));
    world.restart();
    expect(canonicalJson(stateAsData(world.state))).toBe(live);
  });

  it('what is no snapshot is told apart, not guessed at', () => {
    expect(decodeState(new Uint8Array([0xff, 0xfe]))).toBeNull();
  });

  it('an operation is known by its place, so that no two are ever alike', () => {
    const state = folded([planned, assigned, begun]);
    const instance = state.tables.solutions
      .get(shop)
      ?.elements.get(api)
      ?.clusters.values()
      .next()
      .value?.instances.get(0);
    expect(instance?.operation?.id).toBe(`1.${ofShop}.3`);
  });

  it('entries about what is not known change nothing: a fold is total', () => {
    const stranger = 'test/shop/nobody/1.0.0~00000000/0' as InstanceId;
    const before = folded([planned]);
    const digest = canonicalJson(stateAsData(before).solutions);
    folded(
      [
        [ofShop, { kind: 'instance.healthy', instance: stranger }],
        [ofShop, { kind: 'track.done', element: 'nobody' as ElementName }],
        [
          ofShop,
          {
            kind: 'operation.ended',
            operation: 'x' as never,
            instance: stranger,
            outcome: 'done',
            trouble: null,
          },
        ],
      ],
      before,
    );
    expect(canonicalJson(stateAsData(before).solutions)).toBe(digest);
  });
});

describe('what the status branch does not say yet', () => {
  it('grows with each entry that a document shows', () => {
    const state = folded([seen, planned, assigned]);
    expect([...state.unwritten.elements]).toEqual(['shop/api']);
    expect([...state.unwritten.solutions]).toEqual(['shop']);
    expect([...state.unwritten.rollouts]).toEqual(['r1-1']);
    expect([...state.unwritten.revisions]).toEqual(['r1']);
    expect(state.unwritten.memory).toBe(true);
  });

  it('is every element on its way when the rollout ends, for the end is theirs too', () => {
    const state = folded([planned]);
    state.unwritten.elements.clear();
    folded([[ofShop, { kind: 'rollout.ended', phase: 'succeeded', reason: null }]], state);
    expect([...state.unwritten.elements]).toEqual(['shop/api']);
  });

  it('is what lives on an element that gets another target: it may have to move, and is not well until then', () => {
    const { state } = deployed([
      { name: 'host', size: 2 },
      { name: 'box', needs: [{ element: 'host', type: 'context' }] },
      { name: 'web', needs: [{ element: 'host' }] },
    ]);
    state.unwritten.elements.clear();
    folded([[ofShop, plannedEntry([desiredElement({ name: 'host' })])]], state);
    expect([...state.unwritten.elements].sort()).toEqual(['shop/box', 'shop/host']);
  });

  it('is nothing after a commit that took all of it', () => {
    const state = folded([seen, planned, assigned]);
    folded(
      [
        [
          domainStream,
          { kind: 'status.written', commit: 'c1', remaining: encodeUnwritten(emptyState(domain).since) },
        ],
      ],
      state,
    );
    expect(isWritten(state.unwritten)).toBe(true);
  });

  it('is what changed while the commit was made', () => {
    const state = folded([seen, planned]);
    for (const set of [
      state.since.elements,
      state.since.solutions,
      state.since.revisions,
      state.since.rollouts,
    ])
      set.clear();
    state.since.memory = false;
    folded([assigned], state);
    folded([written(state)], state);
    expect([...state.unwritten.elements]).toEqual(['shop/api']);
    expect([...state.unwritten.rollouts]).toEqual([]);
    expect(state.unwritten.memory).toBe(false);
  });
});

describe('a memory that was restored', () => {
  it('has its latest revisions told once more: who gave their verdicts may have died before their notes', () => {
    const seen: Entry = {
      kind: 'tip.seen',
      revision,
      arrival: 1,
      superseded: [],
      subject: safe('First'),
      author: safe('Ada'),
      committedMs: 0,
    };
    const { domain: before } = stateAsData(folded([[domainStream, seen]]));
    const state = folded([[domainStream, { kind: 'domain.restored', state: before }]]);
    expect(encodeUnwritten(state.unwritten).revisions).toEqual([revision]);
  });
});

describe('the log of a rollout', () => {
  it('keeps each step with its outcome, and how the rollout ended', () => {
    const state = folded([
      planned,
      assigned,
      begun,
      [
        ofShop,
        {
          kind: 'operation.ended',
          operation: `1.${ofShop}.3` as never,
          instance: first,
          outcome: 'done',
          trouble: null,
        },
      ],
      [ofShop, { kind: 'rollout.ended', phase: 'succeeded', reason: null }],
    ]);
    const [log] = [...state.logs.values()];
    expect(log).toMatchObject({
      solution: shop,
      phase: 'succeeded',
      endedWallMs: 1_040,
      steps: [{ transition: 'create', instance: first, outcome: 'done', durationMs: 10 }],
    });
  });

  it('ends superseded when a newer one takes over, and the newer has a log of its own', () => {
    const state = folded([
      planned,
      [ofShop, { kind: 'rollout.superseded', reason: safe('r2 came after it') }],
      [ofShop, plannedEntry([desiredElement({ name: 'api', version: '2.0.0' })], [], 'r2')],
    ]);
    expect([...state.logs.values()].map(({ id, phase }) => [id, phase])).toEqual([
      ['r1-1', 'superseded'],
      ['r2-1', 'progressing'],
    ]);
  });

  it('ends, and is written anew, where another controller went on with the solution and came to another rollout', () => {
    const elsewhere = folded([
      [ofShop, plannedEntry([desiredElement({ name: 'api', version: '2.0.0' })], [], 'r2')],
    ]).tables.solutions.get(shop);
    if (elsewhere === undefined) throw new Error('no solution');
    const back: readonly [string, Entry] = [
      ofShop,
      { kind: 'solution.restored', state: encodeSolution(elsewhere) },
    ];
    const state = folded([planned, begun]);
    folded([written(state), back], state);
    expect([...state.logs.values()].map(({ id, phase }) => [id, phase])).toEqual([['r1-1', 'superseded']]);
    expect(encodeUnwritten(state.unwritten).rollouts).toEqual(['r1-1']);
  });

  it('goes on with what another controller had done of it, and is told by its document if that one ended it', () => {
    const theirs = folded([planned, begun]);
    const open = [...theirs.logs.values()][0];
    const shopOf = (state: State): EncodedSolution => {
      const solution = state.tables.solutions.get(shop);
      if (solution === undefined) throw new Error('no solution');
      return encodeSolution(solution);
    };
    if (open === undefined) throw new Error('no log');
    const state = folded([
      planned,
      [ofShop, { kind: 'solution.restored', state: shopOf(theirs), log: open }],
      [ofShop, { kind: 'rollout.ended', phase: 'succeeded', reason: null }],
    ]);
    expect([...state.logs.values()]).toMatchObject([{ id: open.id, phase: 'succeeded', steps: open.steps }]);
    expect(open.steps).toHaveLength(1);

    const ended = folded([[ofShop, { kind: 'rollout.ended', phase: 'succeeded', reason: null }]], theirs);
    const mine = folded([planned, [ofShop, { kind: 'solution.restored', state: shopOf(ended) }]]);
    expect([...mine.logs.values()]).toEqual([]);
  });

  it('keeps who made the commit and what he said of it: the commit is forgotten before the log is', () => {
    const entry = plannedEntry([desiredElement({ name: 'api' })], [], revision);
    const [log] = folded([seen, [ofShop, entry]]).logs.values();
    expect(log).toMatchObject({ subject: 'one', author: 'a' });
  });

  it('a hundred are kept, and one that is under way is never dropped', () => {
    const state = folded([[solutionStream('other' as SolutionName), plannedEntry([], [], 'open')]]);
    for (let i = 0; i < 150; i++)
      folded(
        [
          [ofShop, plannedEntry([], [], `r${i}`)],
          [ofShop, { kind: 'rollout.ended', phase: 'succeeded', reason: null }],
        ],
        state,
      );
    expect(state.logs.size).toBeLessThanOrEqual(101);
    expect([...state.logs.keys()]).toContain('open-1');
    expect([...state.logs.keys()]).toContain('r149-1');
  });
});

describe('verdicts', () => {
  const verdict = (name: string): readonly [string, Entry] => [
    domainStream,
    {
      kind: 'verdict.given',
      revision,
      arrival: 1,
      solution: '*',
      verdict: name as 'applied',
      reason: null,
      rollout: null,
    },
  ];

  it('are kept by arrival: one that is meant for an earlier arrival changes nothing', () => {
    const again: readonly [string, Entry] = [
      domainStream,
      { ...(seen[1] as Extract<Entry, { kind: 'tip.seen' }>), arrival: 2 },
    ];
    const state = folded([seen, again, verdict('superseded')]);
    expect(state.domain.revisions.get(revision)?.verdicts).toEqual({});
  });

  it('name the domain that they were given in', () => {
    expect(folded([seen, verdict('applied')]).domain.name).toBe(domain satisfies DomainName);
  });
});
