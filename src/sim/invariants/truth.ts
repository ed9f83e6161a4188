import { instanceId, splitInstanceId } from '../../core/base/names.js';
import { readMemory } from '../../core/status/emit.js';
import type { DomainEntry, EncodedDomain, RevisionState } from '../../core/rollout/domain.js';
import type { SolutionEntry } from '../../core/rollout/entries.js';
import type { ElementState, InstanceState, SolutionState } from '../../core/rollout/state.js';
import { elementAt } from '../../core/rollout/tables.js';
import type { Engine } from '../../engine/engine.js';
import type { Life } from '../life.js';
import { statusRef } from '../repository.js';
import type { Stage } from '../stage.js';
import { isOvertaken, mayStandBy } from './state.js';
import type { Watcher } from '../watcher.js';
import { Made } from './made.js';

/** Claims of one machine's journal: each with the place of the record that made it true. */
interface Told {
  readonly claims: Map<string, { readonly stream: string; readonly sequence: number }>;
}

/** 9. What stands on the status branch stood in the journal before, and could not be lost there any more. */
export function statusTrue(stage: Stage): Watcher {
  const { world } = stage;
  const made = new Made(world.technology);
  const lives = new Map<Life, Told>();
  const note = (incarnation: Life, claims: Iterable<string>, at = { stream: '', sequence: 0 }): void => {
    const told = lives.get(incarnation) ?? { claims: new Map() };
    lives.set(incarnation, told);
    for (const claim of claims) if (!told.claims.has(claim)) told.claims.set(claim, at);
  };
  return {
    booted(incarnation) {
      const state = incarnation.engine?.core.state;
      if (state === undefined) return;
      for (const revision of state.domain.revisions.values()) note(incarnation, claimsOfRevision(revision));
      note(incarnation, claimsOfDomain(state.domain));
      for (const solution of state.tables.solutions.values()) {
        note(incarnation, claimsOfSolution(solution));
        for (const element of solution.elements.values()) note(incarnation, claimsOfElement(element));
      }
    },
    landed: (mutation) => made.landed(mutation),
    struck: (kind, moment) => void (kind === 'provider.staleRead' && made.misread(moment)),
    recorded(incarnation, { entry, stream, sequence }) {
      const { engine } = incarnation;
      if (engine === null) return;
      const known = entry as DomainEntry | SolutionEntry;
      const at = { stream, sequence };
      note(incarnation, claimsAfter(engine, stream, known), at);
      if (known.kind !== 'verdict.given' || known.verdict !== 'applied' || known.rollout === null) return;
      if (isOvertaken(engine, world)) return;
      const wrong = differences(incarnation, known.solution, made);
      if (wrong !== null)
        world.violate(9, `${known.revision} was said to be applied in ${known.solution}, and ${wrong}`);
    },
    swapped(ref, from, to, by) {
      const told = by === null ? undefined : lives.get(by);
      if (ref !== statusRef || to === null || by === null || told === undefined) return;
      by.machine.journal.refresh();
      const { sequences } = by.machine.journal;
      for (const [path, content] of world.repository.changes(from, to))
        for (const claim of content === null ? [] : claimsOfDocument(path, content)) {
          const place = told.claims.get(claim);
          if (place === undefined) world.violate(9, `${path} says ${claim}, which was never so`);
          else if ((sequences.get(place.stream) ?? 0) < place.sequence)
            world.violate(9, `${path} says ${claim}, which a loss of power would take back`);
        }
    },
    died: (incarnation) => void lives.delete(incarnation),
  };
}

function* claimsAfter(engine: Engine, stream: string, entry: DomainEntry | SolutionEntry): Generator<string> {
  const { domain, tables } = engine.core.state;
  if ('revision' in entry && entry.revision !== null) {
    const revision = domain.revisions.get(entry.revision);
    if (revision !== undefined) yield* claimsOfRevision(revision);
    yield* claimsOfDomain(domain);
  }
  const solution = tables.solutions.get(stream.slice('solution/'.length) as SolutionState['name']);
  if (solution === undefined) return;
  yield* claimsOfSolution(solution);
  if ('targets' in entry) for (const element of solution.elements.values()) yield* claimsOfElement(element);
  const parts = 'instance' in entry ? splitInstanceId(entry.instance) : null;
  const name = 'element' in entry ? `${solution.name}/${entry.element}` : parts?.element;
  const element = name === undefined ? null : elementAt(tables, name as ElementState['key']);
  if (element !== null) yield* claimsOfElement(element);
}

function* claimsOfRevision({ revision, arrival, state, verdicts }: RevisionState): Generator<string> {
  yield `revision ${revision} (arrival ${arrival}) ${state}`;
  for (const [scoped, { verdict }] of Object.entries(verdicts))
    yield `verdict ${revision} (arrival ${arrival}) ${scoped} ${verdict}`;
}

function* claimsOfDomain({ tip, accepted }: Pick<EncodedDomain, 'tip' | 'accepted'>): Generator<string> {
  yield `tip ${tip}`;
  yield `accepted ${accepted}`;
}

function* claimsOfSolution({
  name,
  rollout,
  lastStable,
}: Omit<SolutionState, 'elements'>): Generator<string> {
  if (rollout !== null) yield `rollout ${rollout.id} of ${name} ${rollout.phase}`;
  if (lastStable !== null) yield `${name} was stable at ${lastStable.revision} ${lastStable.desiredDigest}`;
}

function* claimsOfElement(element: ElementState): Generator<string> {
  yield `${element.key} is held to ${element.target?.digest ?? 'nothing'}, whole at ${element.wholeSize}`;
  for (const cluster of element.clusters.values())
    for (const instance of cluster.instances.values()) yield* claimsOfInstance(instance);
}

function* claimsOfInstance({ id, lifecycle, configured, runtime }: InstanceState): Generator<string> {
  yield `${id} is ${lifecycle}, configured ${configured ?? 'not'}, at ${runtime?.port ?? 'no port'}`;
}

/** What a document remembers, as claims. */
function* claimsOfDocument(path: string, content: string): Generator<string> {
  const memory = readMemory(content);
  if (memory === null) return;
  const [, room, , third] = path.split('/');
  if (room === 'revisions') yield* claimsOfRevision(memory as RevisionState);
  else if (room === 'memory.yaml') yield* claimsOfDomain(memory as EncodedDomain);
  else if (room === 'solutions' && third === 'solution.yaml')
    yield* claimsOfSolution(memory as SolutionState);
  else if (room === 'solutions' && third === 'elements') {
    const element = memory as Omit<ElementState, 'clusters'> & {
      readonly clusters: readonly { readonly instances: readonly InstanceState[] }[];
    };
    yield* claimsOfElement({ ...element, clusters: new Map() });
    for (const cluster of element.clusters)
      for (const instance of cluster.instances) yield* claimsOfInstance(instance);
  }
}

/** Where the truth is not the target of a solution, others not having touched it since we were there; null: nowhere. */
function differences({ engine, number }: Life, name: string, made: Made): string | null {
  if (engine === null) return null;
  const solution = engine.core.state.tables.solutions.get(name as SolutionState['name']);
  for (const element of solution?.elements.values() ?? []) {
    const wanted = wantedOf(engine, element);
    for (const [id, state] of wanted) {
      const is = made.stateOf(id);
      if (is !== undefined && is !== state && !made.isDisturbed(id)) return `${id} is ${is ?? 'not there'}`;
    }
    const isLeft = (id: string): boolean =>
      !wanted.has(id) && !(mayStandBy(element, id) && made.stateOf(id) === 'inactive');
    const left = made.livingOf(element.key, number).find((id) => isLeft(id) && !made.isDisturbed(id));
    if (left !== undefined) return `${left} still exists`;
  }
  return null;
}

function wantedOf({ core }: Engine, { key, target }: ElementState): Map<string, 'active' | 'inactive'> {
  const wanted = new Map<string, 'active' | 'inactive'>();
  for (const cluster of target?.clusters ?? [])
    for (let ordinal = 0; ordinal < cluster.size && cluster.state !== 'initial'; ordinal++)
      wanted.set(instanceId(core.domain, key, cluster.key, ordinal), cluster.state);
  return wanted;
}
