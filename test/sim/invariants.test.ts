import { beforeAll, describe, expect, it } from 'vitest';
import { safe } from '../../src/core/base/safe-text.js';
import type { Gate } from '../../src/core/base/canary.js';
import { digestOf } from '../../src/core/base/digest.js';
import type {
  ClusterKey,
  ElementName,
  InstanceId,
  Revision,
  SolutionName,
} from '../../src/core/base/names.js';
import { domainStream, solutionStream, type Entry } from '../../src/core/journal/entry.js';
import { decodeState, encodeState, foldRecord, type State } from '../../src/core/journal/fold.js';
import type { JournalRecord } from '../../src/core/journal/record.js';
import type { InstanceState } from '../../src/core/rollout/state.js';
import { isFinal } from '../../src/core/rollout/domain.js';
import { marker } from '../../src/core/status/comment/document.js';
import { elementPath } from '../../src/core/status/documents.js';
import type { Engine } from '../../src/engine/engine.js';
import { createHost } from '../../src/entry/sim/host.js';
import { differentEnding, revertScripts } from '../../src/sim/invariants/equivalence.js';
import { SimForge } from '../../src/sim/forge.js';
import { invariants } from '../../src/sim/invariants/invariants.js';
import type { Life } from '../../src/sim/life.js';
import { plantedSecret } from '../../src/sim/ports/ports.js';
import { mainRef, statusRef } from '../../src/sim/repository.js';
import { run, type Report } from '../../src/sim/run.js';
import type { Stage } from '../../src/sim/stage.js';
import type { ForgeWrite, Mutation, Watcher } from '../../src/sim/watcher.js';
import { scriptOf } from '../../src/sim/workload/script.js';

const usual = { reverts: 'pullRequest', otherPlan: 'goOn' } as const;

/** A world at rest, in which wrong things can be made up; what is violated is kept apart for each case. */
class Bench {
  readonly violations: number[] = [];
  readonly stage: Stage;
  readonly life: Life;
  readonly engine: Engine;
  readonly state: State;

  constructor(real: Stage) {
    const life = real.active.current as Life;
    const { engine } = life as { engine: Engine };
    this.state = decodeState(encodeState(engine.core.state)) as State;
    const core = { ...engine.core, state: this.state, now: () => engine.core.now() };
    this.engine = Object.create(engine, { core: { value: core } }) as Engine;
    this.life = Object.create(life, { engine: { value: this.engine }, dead: { value: false } }) as Life;
    const technology = Object.create(real.world.technology, {
      resources: { value: new Map(real.world.technology.resources) },
    }) as Stage['world']['technology'];
    const violate = (number: number): void => void this.violations.push(number);
    const world = Object.create(real.world, {
      violate: { value: violate },
      technology: { value: technology },
      now: { value: real.world.now, writable: true },
      forge: { value: new SimForge(usual, true, new Set()), writable: true },
    }) as Stage['world'];
    this.stage = Object.create(real, {
      world: { value: world },
      engine: { value: this.engine },
    }) as Stage;
  }

  /** Folds it, as if it had been decided. */
  record(stream: string, entry: Entry): JournalRecord {
    const record: JournalRecord = {
      stream,
      sequence: this.engine.core.journal.sequence(stream) + 1,
      epoch: this.engine.core.branch.epoch,
      at: this.state.at,
      wallMs: 0,
      entry,
      schema: 1,
    };
    foldRecord(this.state, record);
    return record;
  }

  instances(): InstanceState[] {
    return [...this.state.tables.solutions.values()].flatMap((solution) =>
      [...solution.elements.values()].flatMap((element) =>
        [...element.clusters.values()].flatMap((cluster) => [...cluster.instances.values()]),
      ),
    );
  }

  streamOf({ element }: InstanceState): string {
    return solutionStream(element.split('/')[0] as never);
  }

  /** An active instance that something else lives on, or uses. */
  provider(type: 'context' | 'service'): { of: InstanceState; user: InstanceState } {
    for (const user of this.instances()) {
      const { solution, name } = this.place(user);
      const cluster = this.state.tables.solutions
        .get(solution)
        ?.elements.get(name)
        ?.clusters.get(user.cluster);
      for (const relationship of cluster?.definition.relationships ?? []) {
        const of = this.instances().find(
          ({ id, element }) =>
            element === relationship.provider &&
            (type === 'service' || user.runtime?.placement[relationship.name] === id),
        );
        if (relationship.type === type && of !== undefined) return { of, user };
      }
    }
    throw new Error(`this world has no ${type}`);
  }

  private place({ element }: InstanceState): { solution: never; name: never } {
    const [solution, name] = element.split('/');
    return { solution: solution as never, name: name as never };
  }

  mutation(about: Partial<Mutation> = {}): Mutation {
    const { id } = this.instances()[0] as InstanceState;
    return {
      by: this.life,
      provider: 'machine' as never,
      verb: 'create',
      key: id,
      owner: `x:${id}`,
      operation: '1.none.1',
      epoch: this.engine.core.branch.epoch,
      revision: this.state.domain.accepted,
      digest: null,
      backends: null,
      ...about,
    };
  }
}

/** What must break exactly this invariant, and what must not. */
interface Case {
  readonly wrong: (watcher: Watcher, bench: Bench) => void;
  readonly sound: (watcher: Watcher, bench: Bench) => void;
}

const cases: Readonly<Record<number, Case>> = {
  1: {
    wrong(watcher, bench) {
      watcher.landed?.(bench.mutation({ key: 'prod/shop/none/1.0.0~0/0' }), 'changed');
    },
    sound(watcher, bench) {
      const { technology } = bench.stage.world;
      const [resource] = technology.resources.values();
      watcher.landed?.(bench.mutation({ key: resource?.id ?? '' }), 'changed');
    },
  },
  2: {
    wrong(watcher, bench) {
      watcher.landed?.(bench.mutation(), 'changed');
      watcher.landed?.(bench.mutation({ key: 'prod/shop/other/1.0.0~0/0' }), 'changed');
    },
    sound(watcher, bench) {
      watcher.landed?.(bench.mutation(), 'changed');
      watcher.landed?.(bench.mutation(), 'unchanged');
    },
  },
  3: {
    wrong: (watcher, bench) => watcher.sent?.(bench.mutation()),
    sound(watcher, bench) {
      const { journal } = bench.life.machine;
      const [found] = [...journal.intents].filter(([, { kind }]) => kind === 'operation.begun');
      if (found === undefined) throw new Error('nothing was begun');
      const [operation, { about, transition }] = found;
      watcher.sent?.(bench.mutation({ operation, key: about, verb: transition as never }));
    },
  },
  4: {
    wrong(watcher, bench) {
      watcher.begun?.(bench.mutation());
      watcher.begun?.(bench.mutation({ verb: 'start' }));
    },
    sound(watcher, bench) {
      const first = bench.mutation();
      watcher.begun?.(first);
      watcher.landed?.(first, 'changed');
      watcher.begun?.(bench.mutation({ verb: 'start' }));
    },
  },
  5: {
    wrong(watcher, bench) {
      watcher.begun?.(bench.mutation({ epoch: 2 }));
      watcher.begun?.(bench.mutation({ epoch: 1 }));
    },
    sound(watcher, bench) {
      watcher.begun?.(bench.mutation({ epoch: 2 }));
      watcher.begun?.(bench.mutation({ epoch: 2 }));
    },
  },
  6: {
    wrong(watcher, bench) {
      for (const instance of bench.instances()) {
        const stream = bench.streamOf(instance);
        watcher.recorded?.(
          bench.life,
          bench.record(stream, { kind: 'instance.draining', instance: instance.id }),
        );
      }
    },
    sound(watcher, bench) {
      const [instance] = bench.instances() as [InstanceState];
      const stream = bench.streamOf(instance);
      bench.record(stream, { kind: 'instance.draining', instance: instance.id });
      const stop = {
        kind: 'operation.begun',
        transition: 'stop',
        digest: null,
        reason: safe('test'),
      } as const;
      watcher.recorded?.(bench.life, bench.record(stream, { ...stop, instance: instance.id }));
    },
  },
  7: {
    wrong(watcher, bench) {
      const { of } = bench.provider('context');
      const entry = { kind: 'instance.draining', instance: of.id } as const;
      watcher.recorded?.(bench.life, bench.record(bench.streamOf(of), entry));
    },
    sound(watcher, bench) {
      const carrying = new Set(
        bench.instances().flatMap(({ runtime }) => Object.values(runtime?.placement ?? {})),
      );
      const free = bench.instances().find(({ id }) => !carrying.has(id)) as InstanceState;
      const entry = { kind: 'instance.draining', instance: free.id } as const;
      watcher.recorded?.(bench.life, bench.record(bench.streamOf(free), entry));
    },
  },
  8: {
    wrong(watcher, bench) {
      const { repository } = bench.stage.world;
      watcher.swapped?.(statusRef, null, repository.refs.get(statusRef) ?? null, bench.life);
    },
    sound(watcher, bench) {
      const { repository } = bench.stage.world;
      const tip = repository.refs.get(statusRef) as string;
      watcher.swapped?.(statusRef, repository.commits.get(tip)?.parents[0] ?? null, tip, bench.life);
    },
  },
  9: {
    wrong(watcher, bench) {
      watcher.booted?.(bench.life);
      tell(watcher, bench, (text) => text.replaceAll('"lifecycle":"active"', '"lifecycle":"failure"'));
    },
    sound(watcher, bench) {
      watcher.booted?.(bench.life);
      tell(watcher, bench, (text) => `# ${text}`);
    },
  },
  10: {
    wrong(watcher, bench) {
      watcher.booted?.(bench.life);
      watcher.recorded?.(bench.life, verdict(bench, bench.state.domain.accepted as Revision));
    },
    sound(watcher, bench) {
      watcher.booted?.(bench.life);
      watcher.recorded?.(bench.life, verdict(bench, 'another' as Revision));
    },
  },
  11: {
    wrong(watcher, bench) {
      watcher.booted?.(bench.life);
      watcher.sent?.(bench.mutation({ revision: 'rejected' as Revision }));
    },
    sound(watcher, bench) {
      const { accepted } = bench.state.domain;
      watcher.answered?.(bench.life, { number: 1, port: 'refs', verb: 'read', key: mainRef });
      watcher.recorded?.(bench.life, acceptance(bench, accepted as Revision));
      watcher.sent?.(bench.mutation({ revision: accepted }));
    },
  },
  12: {
    wrong(watcher, bench) {
      watcher.booted?.(bench.life);
      const { repository } = bench.stage.world;
      const first = [...repository.firstParents(repository.refs.get(mainRef) as string)].at(-1);
      watcher.recorded?.(bench.life, planned(bench, first?.oid as Revision));
    },
    sound(watcher, bench) {
      watcher.booted?.(bench.life);
      const [solution] = bench.state.tables.solutions.values();
      watcher.recorded?.(bench.life, planned(bench, solution?.rollout?.revision as Revision));
    },
  },
  13: {
    wrong(watcher, bench) {
      watcher.again?.();
      watcher.sent?.(bench.mutation());
    },
    sound: (watcher, bench) => watcher.sent?.(bench.mutation()),
  },
  14: {
    wrong(watcher, bench) {
      const { resources } = bench.stage.world.technology;
      resources.delete([...resources.keys()][0] as InstanceId);
      watcher.ended?.();
    },
    sound: (watcher) => watcher.ended?.(),
  },
  17: {
    wrong(watcher, bench) {
      watcher.booted?.(bench.life);
      const [solution] = bench.state.tables.solutions.keys();
      bench.record(solutionStream(solution as never), {
        kind: 'solution.detached',
        who: safe('x'),
        reason: safe('x'),
      });
      watcher.ended?.();
    },
    sound(watcher, bench) {
      watcher.booted?.(bench.life);
      watcher.ended?.();
    },
  },
  18: {
    wrong: (watcher, bench) => watcher.sent?.(bench.mutation()),
    sound(watcher, bench) {
      const mutation = bench.mutation();
      watcher.answered?.(bench.life, { number: 1, port: 'provider', verb: 'observe', key: mutation.key });
      watcher.sent?.(mutation);
    },
  },
  19: {
    wrong: (watcher, bench) => watcher.logged?.(bench.life, `token ${plantedSecret}`),
    sound: (watcher, bench) => watcher.logged?.(bench.life, 'token ***'),
  },
  20: {
    wrong: (watcher, bench) => swaps(watcher, bench, 100),
    sound: (watcher, bench) => swaps(watcher, bench, 50),
  },
  21: {
    wrong(watcher, bench) {
      const { repository } = bench.stage.world;
      const shown = Object.create(repository, {
        fileAt: { value: () => 'phase: none\n' },
      }) as typeof repository;
      Object.defineProperty(bench.stage.world, 'repository', { value: shown });
      watcher.ended?.();
    },
    sound: (watcher) => watcher.ended?.(),
  },
  22: {
    wrong: (watcher, bench) => loads(watcher, bench, 100_000),
    sound: (watcher, bench) => loads(watcher, bench, 0),
  },
};

/** Of a commit of which all has gone well. */
function status(bench: Bench, state: string): ForgeWrite {
  const good = [...bench.state.domain.revisions.values()].find(
    (known) =>
      known.state === 'accepted' &&
      Object.values(known.verdicts).length > 0 &&
      isFinal(known) &&
      Object.values(known.verdicts).every(({ verdict }) => verdict === 'applied'),
  );
  if (good === undefined) throw new Error('nothing was applied');
  const place = `${good.revision} heliostat/prod`;
  return { verb: 'writeStatus', place, revision: good.revision, text: 'test', state };
}

function comments(watcher: Watcher, bench: Bench, count: number): void {
  const one = { pullRequest: 1, author: 'heliostat', body: marker };
  for (let i = 0; i < count; i++) bench.stage.world.forge?.comments.push(one);
  watcher.held?.(bench.life, {
    verb: 'writeComment',
    place: '1',
    revision: null,
    text: marker,
    state: null,
  });
}

/** It had the domain; somebody writes after it, and it reads that, and then tells something. */
function tellsLater(watcher: Watcher, bench: Bench, by: Life): void {
  const { world } = bench.stage;
  watcher.swapped?.(statusRef, null, 'a', bench.life);
  watcher.swapped?.(statusRef, 'a', 'b', by);
  watcher.answered?.(bench.life, { number: 1, port: 'refs', verb: 'read', key: statusRef });
  world.now += 10_000;
  watcher.telling?.(bench.life, status(bench, 'success'));
}

const gate: Gate = {
  name: 'front',
  measure: { kind: 'command', command: ['true'] },
  intervalMs: 1_000,
  timeoutMs: 1_000,
  count: 2,
  failureLimit: 0,
  errorLimit: 1,
};
const newKey = '9.9.9~00000000' as ClusterKey;

/** An element that is at the first step of a way to a version that never served: one instance, behind a gate. */
function inStep(bench: Bench): {
  readonly stream: string;
  readonly begin: (index: number) => JournalRecord;
  readonly id: (ordinal: number) => InstanceId;
} {
  const [instance] = bench.instances() as [InstanceState];
  const stream = bench.streamOf(instance);
  const [solution, name] = instance.element.split('/') as [SolutionName, ElementName];
  const elements = bench.state.tables.solutions.get(solution)?.elements;
  const element = elements?.get(name);
  const known = element?.clusters.get(instance.cluster);
  if (elements === undefined || element?.target == null || known === undefined) throw new Error('no target');
  const { definition, policy } = known;
  const wanted = { key: newKey, state: 'active' as const, size: 4, weight: null, definition };
  const canary = [{ share: { kind: 'count' as const, value: 1 }, pauseMs: 0, gates: [gate] }];
  const rollout = { ...policy, strategy: 'canary' as const, canary };
  const final = { ...element.target, rollout, clusters: [wanted], digest: digestOf('final') };
  const clusters = new Map(element.clusters);
  clusters.set(newKey, { key: newKey, definition, policy, everStable: false, instances: new Map() });
  elements.set(name, { ...element, clusters, track: { startedAt: 0, progressAt: 0, done: false } });
  const begin = (index: number): JournalRecord => {
    const target = { ...final, clusters: [{ ...wanted, size: 1 }], digest: digestOf({ step: index }) };
    return bench.record(stream, { kind: 'step.begun', element: name, index, target, final });
  };
  const id = (ordinal: number): InstanceId => `prod/${solution}/${name}/${newKey}/${ordinal}` as InstanceId;
  return { stream, begin, id };
}

function start(bench: Bench, stream: string, instance: InstanceId): JournalRecord {
  const reason = safe('test');
  return bench.record(stream, {
    kind: 'operation.begun',
    instance,
    transition: 'start',
    digest: null,
    reason,
  });
}

/** Of an instance's own cluster, or of none. */
function failed(watcher: Watcher, bench: Bench, isOwn: boolean): void {
  const [instance] = bench.instances() as [InstanceState];
  const stream = bench.streamOf(instance);
  const element = instance.element.split('/')[1] as ElementName;
  const cluster = isOwn ? instance.cluster : newKey;
  watcher.recorded?.(
    bench.life,
    bench.record(stream, {
      kind: 'rollout.reverting',
      targets: {},
      clusters: [{ element, cluster }],
      reason: safe('x'),
    }),
  );
  watcher.recorded?.(bench.life, start(bench, stream, instance.id));
}

/** Where several watch for one number, each by its title. */
const byTitle: Readonly<Record<string, Case>> = {
  'True on the forge': {
    wrong: (watcher, bench) => watcher.telling?.(bench.life, status(bench, 'failure')),
    sound: (watcher, bench) => watcher.telling?.(bench.life, status(bench, 'success')),
  },
  'Few words on the forge': {
    wrong(watcher, bench) {
      for (const state of ['pending', 'pending']) watcher.toldBy?.(bench.life, status(bench, state), 'ok');
    },
    sound(watcher, bench) {
      for (const state of ['pending', 'success']) watcher.toldBy?.(bench.life, status(bench, state), 'ok');
    },
  },
  'One comment, one proposal': {
    wrong: (watcher, bench) => comments(watcher, bench, 2),
    sound: (watcher, bench) => comments(watcher, bench, 1),
  },
  'Silent without the domain': {
    wrong: (watcher, bench) => tellsLater(watcher, bench, Object.create(bench.life) as Life),
    sound: (watcher, bench) => tellsLater(watcher, bench, bench.life),
  },
  'Within its step': {
    wrong(watcher, bench) {
      const { stream, begin, id } = inStep(bench);
      begin(0);
      watcher.recorded?.(bench.life, start(bench, stream, id(1)));
    },
    sound(watcher, bench) {
      const { stream, begin, id } = inStep(bench);
      begin(0);
      watcher.recorded?.(bench.life, start(bench, stream, id(0)));
    },
  },
  'Steps after their gates': {
    wrong(watcher, bench) {
      const { begin } = inStep(bench);
      watcher.recorded?.(bench.life, begin(0));
      watcher.recorded?.(bench.life, begin(1));
    },
    sound(watcher, bench) {
      const { begin, id } = inStep(bench);
      watcher.recorded?.(bench.life, begin(0));
      const target = { endpoint: null, instances: [{ id: id(0), address: '127.0.0.1', port: 1 }] };
      for (let i = 0; i < gate.count; i++)
        watcher.measured?.(bench.life, gate.name, target as never, {
          outcome: 'passed',
          detail: safe('200'),
        });
      watcher.recorded?.(bench.life, begin(1));
    },
  },
  'Nothing that is in quarantine': {
    wrong: (watcher, bench) => failed(watcher, bench, true),
    sound: (watcher, bench) => failed(watcher, bench, false),
  },
  'Nothing that is paused': {
    wrong(watcher, bench) {
      const [instance] = bench.instances() as [InstanceState];
      const pause = { target: '*', who: safe('ada'), reason: safe('x'), untilWallMs: null } as const;
      bench.record(domainStream, { kind: 'pause.began', ...pause });
      watcher.recorded?.(bench.life, start(bench, bench.streamOf(instance), instance.id));
    },
    sound(watcher, bench) {
      const [instance] = bench.instances() as [InstanceState];
      watcher.recorded?.(bench.life, start(bench, bench.streamOf(instance), instance.id));
    },
  },
};

/** Where the line runs between what a controller could know and what it could not. */
const edges: readonly (Case & { readonly number: number; readonly title: string })[] = [
  {
    number: 6,
    title: 'what a former life had started is left alone from when it was seen, and not before',
    wrong(watcher, bench) {
      const key = startedBefore(watcher, bench);
      watcher.answered?.(bench.life, { number: 1, port: 'provider', verb: 'observe', key });
      watcher.sent?.(bench.mutation({ verb: 'destroy', key }));
    },
    sound(watcher, bench) {
      const key = startedBefore(watcher, bench);
      watcher.sent?.(bench.mutation({ verb: 'destroy', key }));
    },
  },
  {
    number: 6,
    title: 'of what is not well one at a time may leave to come back',
    wrong: (watcher, bench) => leaveUnwell(watcher, bench, 2),
    sound: (watcher, bench) => leaveUnwell(watcher, bench, 1),
  },
];

function startedBefore(watcher: Watcher, bench: Bench): string {
  const [running] = [...bench.stage.world.technology.resources.values()].filter(
    ({ state }) => state === 'active',
  );
  if (running === undefined) throw new Error('nothing runs');
  const former = Object.create(bench.life, { number: { value: bench.life.number - 1 } }) as Life;
  watcher.landed?.(bench.mutation({ by: former, verb: 'start', key: running.id }), 'changed');
  return running.id;
}

function leaveUnwell(watcher: Watcher, bench: Bench, count: number): void {
  const { sightings } = bench.engine.core;
  const seen: typeof sightings.seen = (id) => ({ ...sightings.seen(id), health: 'bad' });
  Object.assign(bench.engine.core, {
    sightings: Object.create(sightings, { seen: { value: seen } }) as unknown,
  });
  const [alike] = [...bench.state.tables.solutions.values()]
    .flatMap(({ elements }) => [...elements.values()].flatMap(({ clusters }) => [...clusters.values()]))
    .filter(({ definition }) => definition.relationships.length === 0)
    .map(({ instances }) => [...instances.values()])
    .filter(({ length }) => length > 1);
  if (alike === undefined) throw new Error('this world has no two that are alike and need nothing');
  for (const instance of alike.slice(0, count)) {
    const entry = { kind: 'instance.draining', instance: instance.id } as const;
    const record = bench.record(bench.streamOf(instance), entry);
    watcher.recorded?.(bench.life, record);
  }
}

/** A status commit whose documents of elements say something else. */
function tell(watcher: Watcher, bench: Bench, change: (text: string) => string): void {
  const { repository } = bench.stage.world;
  const parent = repository.refs.get(statusRef) as string;
  const [instance] = bench.instances() as [InstanceState];
  const path = elementPath('prod' as never, instance.element);
  const content = change(repository.fileAt(parent, path) ?? '');
  const commit = repository.write({ parent, changes: [{ path, content }], message: 'x', wallMs: 0 });
  watcher.swapped?.(statusRef, parent, commit, bench.life);
}

function verdict(bench: Bench, revision: Revision): JournalRecord {
  const known = bench.state.domain.revisions.get(revision);
  const [solution = '*'] = Object.keys(known?.verdicts ?? {});
  return bench.record(domainStream, {
    kind: 'verdict.given',
    revision,
    arrival: known?.arrival ?? 1,
    solution: solution as never,
    verdict: 'failed',
    reason: null,
    rollout: null,
  });
}

function acceptance(bench: Bench, revision: Revision): JournalRecord {
  return bench.record(domainStream, {
    kind: 'revision.accepted',
    revision,
    arrival: 1,
    scope: [],
    stale: [],
    releases: [],
    tip: { errors: {} },
    diagnostics: [],
  });
}

function planned(bench: Bench, revision: Revision): JournalRecord {
  const [solution] = bench.state.tables.solutions.values();
  const digest = solution?.desiredDigest as never;
  return bench.record(solutionStream(solution?.name as never), {
    kind: 'rollout.planned',
    rollout: 'x' as never,
    revision,
    arrival: 1,
    planDigest: digest,
    desiredDigest: digest,
    targets: {},
    changes: [],
  });
}

function swaps(watcher: Watcher, bench: Bench, count: number): void {
  for (let i = 0; i < count; i++) watcher.swapped?.(statusRef, null, 'x', bench.life);
}

/** Two loads, the second of which has looked at so many records. */
function loads(watcher: Watcher, bench: Bench, touched: number): void {
  const { tips } = bench.engine;
  Object.defineProperty(bench.engine, 'tips', {
    value: Object.create(tips, { counts: { value: { ...tips.counts, touched, read: 0 } } }) as typeof tips,
  });
  watcher.booted?.(bench.life);
  const accepted = bench.state.domain.accepted as Revision;
  watcher.recorded?.(bench.life, acceptance(bench, accepted));
  watcher.recorded?.(bench.life, acceptance(bench, accepted));
}

function hasBoth(bench: Bench): boolean {
  try {
    bench.provider('context');
    bench.provider('service');
    return bench.engine.core.branch.isClaimed;
  } catch {
    return false;
  }
}

describe('the invariants of the simulation', () => {
  const broken = new Map<string, readonly number[]>();
  let report: Report;
  /** Whatever the workload draws by now: a world in which every case has its subject. */
  let isRich = false;

  beforeAll(async () => {
    const atRest = (stage: Stage): Watcher => ({
      ended() {
        isRich = hasBoth(new Bench(stage));
        if (!isRich) return;
        for (const { number, title, watch } of invariants)
          for (const kind of ['wrong', 'sound'] as const) {
            const all = [
              { title, tell: byTitle[title] ?? cases[number] },
              ...edges
                .filter((edge) => edge.number === number && byTitle[title] === undefined)
                .map((edge) => ({ title: edge.title, tell: edge })),
            ];
            for (const { title: tried, tell } of all) {
              const bench = new Bench(stage);
              tell?.[kind](watch(bench.stage), bench);
              broken.set(`${tried} ${kind}`, bench.violations);
            }
          }
      },
    });
    const watchers = [...invariants.map(({ watch }) => watch), atRest];
    for (let seed = 1; !isRich && seed < 50; seed++)
      report = await run(scriptOf(seed), { host: createHost(), watchers });
  });

  it('all hold in a run that is sound', () => {
    expect(report.violation).toBeNull();
    expect(report.steps).toBeGreaterThan(200);
  });

  for (const { number, title } of invariants) {
    it(`${number}. ${title}: is broken by what breaks it, and by nothing that is sound`, () => {
      const found = broken.get(`${title} wrong`) ?? [];
      expect(new Set(found)).toEqual(new Set([number]));
      expect(broken.get(`${title} sound`)).toEqual([]);
    });
  }

  for (const { number, title } of edges) {
    it(`${number}: ${title}`, () => {
      expect(broken.get(`${title} wrong`)).toEqual([number]);
      expect(broken.get(`${title} sound`)).toEqual([]);
    });
  }

  it('15 and 16 compare what runs come to, and say where it differs', () => {
    const ending = { summary: ['shop/api 1.0.0 #0 active'], routing: ['shop/api#expose → a'] };
    expect(differentEnding(ending, ending)).toBeNull();
    expect(differentEnding(ending, { ...ending, summary: [] })).toContain('shop/api 1.0.0 #0 active');
    expect(differentEnding(ending, { ...ending, routing: [] })).toContain('expose');
  });

  it('15. a change that is taken back at rest leaves what was there before it', async () => {
    const { before, after } = revertScripts(scriptOf(sound), 'commit.upgrade');
    const host = createHost();
    const endings = [];
    for (const script of [before, after]) endings.push(await run(script, { host, watchers: [] }));
    const [first, second] = endings as [Report, Report];
    expect([first.violation, second.violation]).toEqual([null, null]);
    expect(second.steps).toBeGreaterThan(first.steps);
    expect(second.summary).toEqual(first.summary);
  });
});

/** A seed whose model has contexts and services. */
const sound = 3;
