import type { Diagnostic } from '../../core/base/diagnostic.js';
import type { Revision, SolutionName } from '../../core/base/names.js';
import type { Version } from '../../core/base/version.js';
import type { AcceptedModel } from '../../core/graph/model.js';
import type { DesiredDomain } from '../../core/graph/types.js';
import type { State } from '../../core/journal/fold.js';
import type { Basis } from '../../core/plan/types.js';
import { load } from '../../engine/load/load.js';
import type { LoadFrom } from '../../engine/load/types.js';
import { statusRef } from '../../engine/status-branch.js';
import { cancelSource } from '../../ports/clock.js';
import { Failure } from '../cli/operations.js';
import type { Location } from './place.js';
import { stagedFiles, workFiles } from './uncommitted.js';
import { readState } from './state.js';
import type { Wired } from './wiring.js';
import { wire } from './wiring.js';

/** A domain as it is asked for, and as it is held now; read without a trace. */
export interface Read {
  readonly state: State;
  readonly model: AcceptedModel | null;
  /** Null where `heliostat.yaml` itself is broken. */
  readonly desired: DesiredDomain | null;
  readonly accepted: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Solutions whose errors are older than this revision; they stay as they are. */
  readonly stale: readonly SolutionName[];
  readonly revision: Revision | 'worktree';
  readonly basis: Basis;
  readonly wired: Wired;
}

export interface ReadWanted {
  /** Null: the work tree, or HEAD where there is none. */
  readonly revision: Revision | null;
  /** As the user wrote it, for messages. */
  readonly asked?: string | null;
  /** Errors that this revision has already do not count. */
  readonly from?: string | null;
  /** What is staged, instead of the work tree. */
  readonly staged?: boolean;
}

export async function readDomain(version: string, location: Location, wanted: ReadWanted): Promise<Read> {
  if (wanted.revision === null && wanted.asked != null) throw unknownRevision(wanted.asked);
  const wired = await wire(location, { version, takeover: false, log: null, level: 'error', readOnly: true });
  const state = await readState(location, wired);
  const from = await loadFrom(location, wanted);
  const previousTip = await formerTip(version, location, wired, state, wanted, from);
  const loaded = await loadDomain(version, wired, state, { from, previousTip });
  if (loaded.kind !== 'loaded' && loaded.kind !== 'rejected')
    throw unreadable(
      loaded.kind === 'unavailable' ? loaded.message : 'the domain is not there in this revision',
    );
  await wired.reader.close();
  return {
    state,
    model: loaded.kind === 'loaded' ? loaded.model : null,
    desired: loaded.kind === 'loaded' ? loaded.desired : null,
    accepted: loaded.validation.accepted,
    diagnostics: loaded.validation.diagnostics,
    stale: loaded.validation.stale.map(({ solution }) => solution),
    revision: from.kind === 'revision' ? from.revision : 'worktree',
    basis: await basisOf(state, wired),
    wired,
  };
}

/** What another controller runs cannot be looked at from here: then it is what that one has written last. */
async function basisOf({ domain }: State, { ports, options }: Wired): Promise<Basis> {
  const live = { kind: 'live', atMs: ports.clock.wallMs() } as const;
  if (domain.epoch === 0 || domain.controller === options.controller) return live;
  const tip = await ports.refs.read(statusRef);
  const commit = tip === null ? null : await ports.source.commit(tip as Revision);
  return commit === null ? live : { kind: 'status', atMs: commit.committedMs };
}

function unknownRevision(name: string): Failure {
  return new Failure('revision.unknown', `there is no commit ${name}`, 'Name a commit, a branch or a tag.');
}

function unreadable(message: string): Failure {
  return new Failure(
    'revision.unreadable',
    message,
    'Look with git show and git fsck; fetch what is missing with git fetch --unshallow.',
  );
}

type Request = Parameters<typeof load>[1];

function loadDomain(
  version: string,
  wired: Wired,
  state: State,
  parts: Pick<Request, 'from' | 'previousTip'>,
): ReturnType<typeof load> {
  const { ports, options } = wired;
  const manifests = new Map(
    ports.providers.names().flatMap((name) => {
      const provider = ports.providers.get(name);
      return provider === null ? [] : [[name as string, provider.manifest] as const];
    }),
  );
  return load(
    { source: ports.source, reader: ports.reader },
    {
      ...parts,
      base: null,
      ledger: state.domain.ledger,
      manifests,
      secretStatus: (name, element) => ports.secrets.check(name, element),
      programVersion: version as Version,
      domain: options.domain,
      cancel: cancelSource().cancel,
    },
  );
}

/** Without memory a commit answers for what it changes against its first parent, or `--from`. */
async function formerTip(
  version: string,
  location: Location,
  wired: Wired,
  state: State,
  wanted: ReadWanted,
  from: LoadFrom,
): Promise<Request['previousTip']> {
  // A commit that was judged already must not be excused by its own errors.
  const isJudged = from.kind === 'revision' && state.domain.revisions.has(from.revision);
  if (wanted.from == null && state.domain.tip !== null && !isJudged) return state.domain.validated;
  const former =
    wanted.from == null ? await firstParent(location, from) : await location.repository.resolve(wanted.from);
  if (former === null && wanted.from != null) throw unknownRevision(wanted.from);
  if (former === null) return null;
  const loaded = await loadDomain(version, wired, state, {
    from: { kind: 'revision', revision: former },
    previousTip: null,
  });
  return loaded.kind === 'loaded' || loaded.kind === 'rejected' ? loaded.validation.tip : null;
}

async function firstParent(location: Location, from: LoadFrom): Promise<Revision | null> {
  if (from.kind !== 'revision') return (await location.repository.refs.head()).oid as Revision | null;
  return (await location.repository.source.commit(from.revision))?.parents[0] ?? null;
}

async function loadFrom(location: Location, { revision, staged }: ReadWanted): Promise<LoadFrom> {
  if (revision !== null) return { kind: 'revision', revision };
  const { repository } = location;
  const head = (await repository.refs.head()).oid as Revision | null;
  if (repository.workTree === null) {
    if (head === null) throw new Failure('branch.empty', 'there is no commit yet', 'Push a first commit.');
    return { kind: 'revision', revision: head };
  }
  const tree = head === null ? null : ((await repository.source.commit(head))?.tree ?? null);
  return {
    kind: 'files',
    tree,
    files: await (staged === true ? stagedFiles(location, tree) : workFiles(location)),
  };
}
