import type { Diagnostic } from '../../core/base/diagnostic.js';
import type { DesiredSolution } from '../../core/base/desired.js';
import { byCodeUnit } from '../../core/base/order.js';
import type { SolutionName } from '../../core/base/names.js';
import { addUnwritten, emptyUnwritten, type Unwritten } from '../../core/journal/unwritten.js';
import type { State } from '../../core/journal/fold.js';
import type { DesiredDomain } from '../../core/graph/types.js';
import type { DomainEntry } from '../../core/rollout/domain.js';
import { documentsOf, saysTheSame } from '../../core/status/documents.js';
import { planFor } from '../../engine/plan-for.js';
import type { Engine } from '../../engine/engine.js';
import { load } from '../../engine/load/load.js';
import type { Loaded } from '../../engine/load/types.js';
import { cancelSource } from '../../ports/clock.js';
import { readText } from '../../core/model/text.js';
import type { LocatedDocument } from '../../core/model/document.js';
import type { Life } from '../life.js';
import { statusRef, type SimRepository } from '../repository.js';
import type { Stage } from '../stage.js';
import type { Watcher } from '../watcher.js';
import type { World } from '../world.js';

interface Asked {
  readonly incarnation: Life;
  readonly entry: Extract<DomainEntry, { kind: 'revision.accepted' }>;
  loaded: Loaded | null;
}

/** 21. What was computed from what changed is what would be computed from nothing. */
export function incrementalIsWhole(stage: Stage): Watcher {
  const { world } = stage;
  let open: Asked[] = [];
  let last: { readonly revision: string; readonly desired: DesiredDomain } | null = null;
  const settle = (asked: Asked): void => {
    const { engine } = asked.incarnation;
    if (asked.loaded === null || engine === null) return;
    if (asked.loaded.kind !== 'loaded')
      return world.violate(
        21,
        `${asked.entry.revision} was accepted, and from nothing it is ${asked.loaded.kind}`,
      );
    const { desired, validation } = asked.loaded;
    last = { revision: asked.entry.revision, desired };
    const base = engine.tips.base;
    const wrong =
      differentDiagnostics(asked.entry.diagnostics, validation.diagnostics) ??
      (base === null || engine.core.state.domain.accepted !== asked.entry.revision
        ? null
        : differentModel(base.desired, desired.solutions));
    if (wrong !== null) world.violate(21, `${asked.entry.revision}: ${wrong}`);
  };
  return {
    recorded(incarnation, { entry }) {
      const known = entry as DomainEntry;
      // What is stale comes from an older model, which nothing else remembers.
      if (known.kind !== 'revision.accepted' || known.stale.length > 0 || incarnation.engine === null) return;
      const asked: Asked = { incarnation, entry: known, loaded: null };
      open.push(asked);
      void wholeLoad(world, incarnation.engine, known.revision).then((loaded) => (asked.loaded = loaded));
    },
    stepped() {
      for (const asked of open) settle(asked);
      open = open.filter(({ loaded }) => loaded === null);
    },
    ended() {
      const { engine } = stage;
      if (engine === null) return;
      const problem =
        differentStatus(engine, world.repository) ??
        (last !== null && last.revision === engine.core.state.domain.accepted
          ? notNothing(engine, last.desired)
          : null);
      if (problem !== null) world.violate(21, problem);
    },
  };
}

/** The same load, of everything; it asks nobody but the objects of the repository. */
function wholeLoad(world: World, { core }: Engine, revision: Asked['entry']['revision']): Promise<Loaded> {
  const { repository, host } = world;
  const documents = host.documents as Map<string, LocatedDocument>;
  const { providers } = core.ports;
  return load(
    {
      source: {
        commit: (oid) => Promise.resolve(repository.commits.get(oid) ?? null),
        tree: (oid) => Promise.resolve(repository.trees.get(oid) ?? null),
        blobs: (oids) => Promise.resolve(oids.map((oid) => repository.blob(oid))),
        sizes: (oids) => Promise.resolve(oids.map((oid) => repository.blob(oid)?.length ?? null)),
      },
      reader: {
        read: (texts) =>
          Promise.resolve(texts.map(({ oid, bytes }) => documents.get(oid ?? '') ?? readText(bytes))),
        close: () => Promise.resolve(),
      },
    },
    {
      from: { kind: 'revision', revision },
      base: null,
      ledger: new Map(core.state.domain.ledger),
      manifests: new Map(
        providers.names().flatMap((name) => {
          const provider = providers.get(name);
          return provider === null ? [] : [[name as string, provider.manifest] as const];
        }),
      ),
      secretStatus: (name, element) => core.ports.secrets.check(name, element),
      previousTip: null,
      programVersion: core.options.programVersion,
      domain: core.options.domain,
      cancel: cancelSource().cancel,
    },
  );
}

function differentDiagnostics(some: readonly Diagnostic[], all: readonly Diagnostic[]): string | null {
  const [a, b] = [some, all.slice(0, some.length)].map((list) => JSON.stringify(list));
  const isShort = some.length < Math.min(20, all.length);
  return a === b && !isShort ? null : `the diagnostics are ${a}, and from nothing ${JSON.stringify(all)}`;
}

function differentModel(
  some: ReadonlyMap<SolutionName, DesiredSolution>,
  all: ReadonlyMap<SolutionName, DesiredSolution>,
): string | null {
  const names = [...new Set([...some.keys(), ...all.keys()])].sort(byCodeUnit);
  for (const name of names) {
    const [a, b] = [some.get(name), all.get(name)].map(asText);
    if (a !== b) return `the model of ${name} is ${a}, and from nothing ${b}`;
  }
  return null;
}

function asText(solution: DesiredSolution | undefined): string {
  return solution === undefined ? 'none' : JSON.stringify({ ...solution, elements: [...solution.elements] });
}

/** What is held to is what is asked for, so that a plan of everything changes nothing. */
function notNothing({ core }: Engine, desired: DesiredDomain): string | null {
  const { state } = core;
  const isOpen = [...state.tables.solutions.values()].some(
    ({ rollout }) => rollout !== null && rollout.phase !== 'succeeded',
  );
  if (isOpen || state.domain.accepted === null) return null;
  const names = [...new Set([...desired.solutions.keys(), ...state.tables.solutions.keys()])];
  const plan = planFor(state, desired, names, {
    revision: state.domain.accepted,
    basis: { kind: 'live', atMs: 0 },
  });
  const changes = plan.solutions.flatMap((solution) => solution.changes);
  return changes.length === 0
    ? null
    : `a plan of everything still changes ${changes.map((change) => `${change.element} (${change.action}: ${change.reason})`).join(', ')}`;
}

/** Documents of everything, against those that were written when something changed. */
function differentStatus({ core }: Engine, repository: SimRepository): string | null {
  const tip = repository.refs.get(statusRef);
  if (tip === undefined || !core.branch.isClaimed) return null;
  for (const { path, content } of documentsOf(core.state, core.facts, everythingIn(core.state))) {
    const written = repository.fileAt(tip, path);
    if (!saysTheSame(written, content))
      return `${path} says ${written}, and computed from nothing ${content}`;
  }
  return null;
}

function everythingIn({ domain, tables, logs }: State): Unwritten {
  const solutions = [...tables.solutions.values()];
  const unwritten = emptyUnwritten();
  addUnwritten(unwritten, {
    elements: solutions.flatMap(({ elements }) => [...elements.values()].map(({ key }) => key)),
    solutions: solutions.map(({ name }) => name),
    revisions: [...domain.revisions.keys()],
    rollouts: [...logs.keys()],
    components: [...new Set([...domain.ledger.values()].map(({ component }) => component))],
    memory: true,
  });
  return unwritten;
}
