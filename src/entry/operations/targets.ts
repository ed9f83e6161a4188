import { sortedBy } from '../../core/base/order.js';
import type { State } from '../../core/journal/fold.js';
import { emptyState } from '../../core/journal/fold.js';
import type { Interruptible, Place, TargetName } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { GitError } from '../../adapters/git/index.js';
import { locate } from './place.js';
import type { Read } from './read.js';
import { readDomain } from './read.js';
import type { Looking } from './looking.js';
import { whileLookingAnyhow } from './left-behind.js';
import { journalState, rewritten } from './state.js';
import { statusRewritten } from '../../engine/status-branch.js';
import { instancesOf } from './observe.js';

/** What runs, what was rolled out, what is held, and what the model asks for. */
export async function targets(
  version: string,
  request: Place & Interruptible,
): Promise<readonly TargetName[]> {
  const all = await whileLookingAnyhow(
    version,
    request,
    (looking) => namesIn(looking, version, request),
    async ({ location, wired }) =>
      namesInState((await journalState(location, wired)) ?? emptyState(location.domain)),
  );
  return sortedBy(new Map(all.map((each) => [each.name, each])).values(), ({ name }) => name);
}

async function namesIn(
  looking: Looking,
  version: string,
  request: Place & Interruptible,
): Promise<readonly TargetName[]> {
  const read = await readIfPossible(version, request);
  const state = read?.state ?? (await looking.read());
  const isRewritten = (await rewritten(looking.location, looking.wired, state)) !== null;
  const holds = isRewritten ? [named('hold', statusRewritten)] : [];
  return [...namesInState(state), ...holds, ...(read === null ? [] : namesInModel(read))];
}

function namesInState(state: State): TargetName[] {
  const { name: domain, holds, revisions } = state.domain;
  const solutions = new Set<string>(state.tables.solutions.keys());
  for (const log of state.logs.values()) solutions.add(log.solution);
  for (const { scope } of revisions.values()) for (const solution of scope) solutions.add(solution);
  return [
    named('domain', domain),
    ...[...solutions].map((name) => named('solution', `${domain}/${name}`)),
    ...[...state.tables.solutions.values()].flatMap((solution) =>
      [...solution.elements.values()].map(({ key }) => named('element', `${domain}/${key}`)),
    ),
    ...[...instancesOf(state)].map(({ instance }) => named('instance', instance.id)),
    ...[...holds.keys()].map((id) => named('hold', id)),
  ];
}

/** A model that is broken, or not there yet, is in nobody's way: what runs can still be named. */
async function readIfPossible(version: string, request: Place): Promise<Read | null> {
  const location = await locate(request);
  try {
    return await readDomain(version, location, { revision: null });
  } catch (error) {
    if (error instanceof Failure || error instanceof GitError) return null;
    throw error;
  } finally {
    await location.repository.close();
  }
}

function namesInModel({ model, desired, state }: Read): TargetName[] {
  const { name: domain } = state.domain;
  const solutions = new Set<string>(desired?.solutions.keys() ?? []);
  const elements = new Set<string>();
  for (const name of model?.tables.solutions.keys() ?? []) {
    solutions.add(name);
    for (const element of model?.tables.solutions.get(name)?.elements ?? [])
      elements.add(`${name}/${element}`);
  }
  return [
    ...[...solutions].map((name) => named('solution', `${domain}/${name}`)),
    ...[...elements].map((key) => named('element', `${domain}/${key}`)),
  ];
}

function named(kind: TargetName['kind'], name: string): TargetName {
  return { kind, name };
}
