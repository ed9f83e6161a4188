import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/core/base/bytes.js';
import type { DomainName } from '../../../src/core/base/names.js';
import { streamOf } from '../../../src/core/journal/entry.js';
import {
  decodeState,
  emptyState,
  encodeState,
  foldRecord,
  stateAsData,
  type State,
} from '../../../src/core/journal/fold.js';
import { readText } from '../../../src/core/model/text.js';
import { documentsOf } from '../../../src/core/status/documents.js';
import { readTimedRollout } from '../../../src/core/status/steps.js';
import { restoredItems } from '../../../src/engine/restore.js';
import { shop } from '../../support/fake-ports/model.js';
import { World, type Controller } from '../../support/fake-ports/world.js';

const domain = 'prod' as DomainName;

/** States from all along the life of a shop: starting, running, upgrading, paused, held. */
async function states(look: (state: State, controller: Controller) => void): Promise<number> {
  const world = new World();
  world.git.push(shop());
  const controller = await world.start();
  let looks = 0;
  const watch = async (holds: () => boolean, what: string): Promise<void> => {
    await world.until(() => {
      look(controller.engine.core.state, controller);
      looks++;
      return holds();
    }, what);
  };
  await watch(() => controller.engine.isSettled && controller.engine.status.isIdle, 'the shop');
  world.technology.fate = (transition, id) =>
    transition === 'start' && id.includes('/1.2.0~') ? 'refused' : 'done';
  for (const [api, end] of [
    ['1.1.0', 'applied'],
    ['9.9.9', 'rejected'],
    ['1.2.0', 'held'],
  ] as const) {
    const revision = world.git.push(shop({ api }));
    controller.look();
    await watch(() => controller.verdict(revision) === end, api);
  }
  world.git.force(shop(), null);
  controller.look();
  await watch(() => controller.engine.core.state.domain.holds.size > 0, 'the hold');
  return looks;
}

describe('a state', () => {
  it('is the same after a snapshot, whatever is under way', async () => {
    const looks = await states((state) => {
      const decoded = decodeState(encodeState(state));
      expect(decoded && stateAsData(decoded)).toEqual(stateAsData(state));
      expect(decoded && indexesOf(decoded)).toEqual(indexesOf(state));
    });
    expect(looks).toBeGreaterThan(20);
  });

  it('is restored from its own documents, with what the rollouts under way have done', async () => {
    await states((state, controller) => {
      const restored = emptyState(domain);
      const documents = allDocuments(state, controller);
      for (const [sequence, item] of restoredItems(documents).entries()) {
        const place = { sequence, epoch: 1, at: state.at, wallMs: 0, schema: 1 } as const;
        foldRecord(restored, { ...place, stream: streamOf(item), entry: item.entry });
      }
      expect(memoryOf(restored)).toEqual(memoryOf(state));
      expect(indexesOf(restored)).toEqual(indexesOf(state));
      expect(openLogs(restored)).toEqual(openLogs(state));
    });
  });

  it('has documents that tell how long each step took, so that the next one is foreseen with it', async () => {
    let steps = 0;
    await states((state, controller) => {
      const documents = [...allDocuments(state, controller)].filter(([path]) => path.startsWith('rollouts/'));
      const told = documents.flatMap(([, content]) => readTimedRollout(content) ?? []);
      expect(told).toHaveLength(state.logs.size);
      for (const rollout of told) {
        expect(rollout.steps).toMatchObject(
          (state.logs.get(rollout.id)?.steps ?? []).map(({ transition, instance, durationMs, outcome }) => ({
            transition,
            instance,
            durationMs,
            outcome,
          })),
        );
        steps += rollout.steps.length;
      }
    });
    expect(steps).toBeGreaterThan(0);
  });

  it('has documents that a reader of models can read', async () => {
    await states((state, controller) => {
      for (const [path, content] of allDocuments(state, controller))
        expect(readText(utf8(content)).problems, path).toEqual([]);
    });
  });
});

/** As they stand below the folder of the domain, if everything is written now. */
function allDocuments(state: State, controller: Controller): Map<string, string> {
  const solutions = [...state.tables.solutions.values()];
  const documents = documentsOf(state, controller.engine.core.facts, {
    elements: new Set(solutions.flatMap(({ elements }) => [...elements.values()].map(({ key }) => key))),
    solutions: new Set(solutions.map(({ name }) => name)),
    revisions: new Set(state.domain.revisions.keys()),
    rollouts: new Set(state.logs.keys()),
    components: new Set([...state.domain.ledger.values()].map(({ component }) => component)),
    memory: true,
  });
  return new Map(
    documents.flatMap(({ path, content }) =>
      content === null ? [] : [[path.slice('prod/'.length), content]],
    ),
  );
}

/** What is over is told by its document alone. */
function openLogs({ logs }: State): unknown {
  const open = [...logs.values()].filter(({ endedWallMs }) => endedWallMs === null);
  return JSON.parse(JSON.stringify(open)) as unknown;
}

/** The claim is made anew by whoever restores. */
function memoryOf(state: State): unknown {
  const { domain: encoded, solutions } = stateAsData(state);
  const { id: _id, controller: _c, epoch: _e, claimedSince: _s, home: _h, branch: _b, ...more } = encoded;
  // A document cannot name the commit that it stands in.
  const { written: _written, ...memory } = more;
  return JSON.parse(JSON.stringify({ memory, solutions })) as unknown;
}

function indexesOf(state: State): unknown {
  const { consumers, providers, dependents, ports } = state.tables;
  const sets = (map: ReadonlyMap<string, Iterable<string>>): string[] =>
    [...map].flatMap(([key, values]) => [...values].map((value) => `${key} ${value}`)).sort();
  const pairs = (map: ReadonlyMap<unknown, unknown>): string[] =>
    [...map].map(([key, value]) => `${String(key)} ${String(value)}`).sort();
  return {
    consumers: sets(consumers),
    providers: sets(providers),
    dependents: pairs(dependents),
    ports: pairs(ports),
  };
}
