import type { Revision } from '../../core/base/names.js';
import { safe } from '../../core/base/safe-text.js';
import type { History } from '../../ports/history.js';
import type { Refs, Source, SwapResult } from '../../ports/repository.js';
import type { Incarnation } from '../incarnation.js';
import { mainRef, notesRef } from '../repository.js';

export interface RepositoryPorts {
  readonly refs: Refs;
  readonly source: Source;
  readonly history: History;
}

/** The repository, as one incarnation has it. */
export function repositoryPorts(incarnation: Incarnation): RepositoryPorts {
  const { world } = incarnation;
  const { repository, faults } = world;
  const call = <T>(port: string, verb: string, key: string, run: () => T): Promise<T> =>
    incarnation.call({
      port,
      verb,
      key,
      place: 'machine',
      afterMs: world.latency('repository') >> 2,
      run() {
        if (faults.strikes('repository.unreachable', `${incarnation.number} ${port} ${verb}`))
          throw new Error('the repository cannot be read: input/output error');
        return run();
      },
    });
  return {
    refs: refsPort(incarnation, call),
    source: {
      commit: (revision) =>
        call('source', 'commit', revision, () => repository.commits.get(revision) ?? null),
      tree: (oid) => call('source', 'tree', oid, () => repository.trees.get(oid) ?? null),
      blobs: (oids, limitBytes) =>
        call('source', 'blobs', `${oids.length}`, () =>
          oids.map((oid) => {
            const bytes = repository.blob(oid);
            return bytes !== null && bytes.length > limitBytes ? null : bytes;
          }),
        ),
      sizes: (oids) =>
        call('source', 'sizes', `${oids.length}`, () =>
          oids.map((oid) => repository.blob(oid)?.length ?? null),
        ),
    },
    history: {
      firstParents: (from, until, limit) =>
        call('history', 'firstParents', from, () => {
          const found = [];
          for (const commit of repository.firstParents(from)) {
            if (commit.oid === until || found.length >= limit) break;
            found.push(commit);
          }
          return found;
        }),
      isAncestor: (ancestor, descendant) =>
        call('history', 'isAncestor', `${ancestor} ${descendant}`, () =>
          repository.isAncestor(ancestor, descendant),
        ),
    },
  };
}

type CallPort = <T>(port: string, verb: string, key: string, run: () => T) => Promise<T>;

function refsPort(incarnation: Incarnation, call: CallPort): Refs {
  const { world } = incarnation;
  const { repository } = world;
  const { remote } = world;
  const read = (ref: string): string | null =>
    remote === null ? (repository.refs.get(ref) ?? null) : remote.read(incarnation, ref);
  return {
    read: (ref) => call('refs', 'read', ref, () => read(ref)),
    head: () => call('refs', 'head', 'HEAD', () => ({ branch: mainRef, oid: read(mainRef) })),
    list: (prefix) =>
      call('refs', 'list', prefix, () =>
        [...(remote?.shown(incarnation) ?? repository.refs)]
          .filter(([ref]) => ref.startsWith(prefix))
          .map(([ref, oid]) => ({ ref, oid })),
      ),
    commit: (request) => call('refs', 'commit', request.parent ?? '-', () => repository.write(request)),
    compareAndSwap: (ref, from, to) => call('refs', 'swap', ref, () => swap(incarnation, ref, from, to)),
    advance: (ref, from, to) => call('refs', 'advance', ref, () => swap(incarnation, ref, from, to)),
    note: (_name, notes, wallMs) =>
      call('refs', 'note', notesRef, () => {
        const parent = read(notesRef);
        const changes = [...notes].map(([revision, lines]) => {
          const path = notePath(revision);
          return {
            path,
            content: withLines(parent === null ? '' : (repository.fileAt(parent, path) ?? ''), lines),
          };
        });
        return swap(
          incarnation,
          notesRef,
          parent,
          repository.write({ parent, changes, message: 'Notes', wallMs }),
        );
      }),
    ...(remote === null ? {} : { away: () => call('refs', 'away', '', () => remote.away) }),
  };
}

/** Compares and swaps; a push may be turned away without a reason, and its answer may be lost. */
function swap(incarnation: Incarnation, ref: string, from: string | null, to: string): SwapResult {
  const { world } = incarnation;
  const { faults, repository } = world;
  const current = repository.refs.get(ref) ?? null;
  const moment = `${incarnation.number} ${ref}`;
  if (world.remote !== null && world.remote.away !== null)
    return { kind: 'unavailable', message: world.remote.away.message };
  if (faults.strikes('push.rejected', moment))
    return { kind: 'unavailable', message: safe('the push was rejected') };
  if (current !== from) return { kind: 'lost', current };
  world.swap(ref, to, incarnation);
  if (faults.strikes('push.answerLost', moment))
    return { kind: 'unavailable', message: safe('the answer was lost') };
  if (world.remote !== null) incarnation.machine.copy.set(ref, to);
  return { kind: 'swapped' };
}

export function notePath(revision: Revision | string): string {
  return `${revision.slice(0, 2)}/${revision.slice(2)}`;
}

/** A line `key: …` takes the place of the one with its key. */
function withLines(before: string, lines: string): string {
  const byKey = new Map<string, string>();
  for (const line of `${before}\n${lines}`.split('\n'))
    if (line !== '') byKey.set(line.split(':')[0] ?? '', line);
  return [...byKey.values()].map((line) => `${line}\n`).join('');
}
