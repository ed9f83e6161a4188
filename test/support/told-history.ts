import type { CommitInfo } from '../../src/ports/repository.js';
import type { World } from './fake-ports/world.js';
import { git } from './git.js';
import { tellBranch, type Changes, type ToldCommit } from './told-branch.js';

const main = 'refs/heads/main';
const status = 'refs/heads/heliostat/status';
export const beganMs = Date.UTC(2026, 4, 3, 10);
const minuteMs = 60_000;

/** What a controller wrote about one revision, for use as often as wanted. */
export interface Chapter {
  readonly revision: string;
  readonly subject: string;
  readonly author: string;
  /** Of the tracked branch. */
  readonly files: Changes;
  /** Of the status branch, in their order. */
  readonly written: readonly { readonly message: string; readonly changes: Changes }[];
}

export function messageOf({ subject, body }: CommitInfo): string {
  return body === '' ? subject : `${subject}\n\n${body}`;
}

/** What a world has written since a commit of its status branch. */
export function chapter(world: World, revision: string, since: string | null): Chapter {
  const log = world.git.statusLog();
  const from = log.findIndex(({ oid }) => oid === since) + 1;
  const commit = world.git.commits.get(revision);
  const before = commit?.parents[0];
  return {
    revision,
    subject: commit?.subject ?? '',
    author: commit?.author ?? '',
    files: difference(before === undefined ? {} : world.git.filesOf(before), world.git.filesOf(revision)),
    written: log.slice(from).map((each, i) => ({
      message: messageOf(each),
      changes: difference(world.git.filesOf(log[from + i - 1]?.oid ?? ''), world.git.filesOf(each.oid)),
    })),
  };
}

function difference(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Changes {
  const changed = Object.entries(after).filter(([path, text]) => before[path] !== text);
  const gone = Object.keys(before).filter((path) => !(path in after));
  return Object.fromEntries([...changed, ...gone.map((path) => [path, null] as const)]);
}

export interface Told {
  readonly repository: string;
  /** Of the tracked branch, oldest first; one a chapter. */
  readonly revisions: readonly string[];
  /** Of the status branch, oldest first, each with the position of its chapter. */
  readonly commits: readonly { readonly oid: string; readonly chapter: number; readonly wallMs: number }[];
}

/** Both branches as if the chapters had followed each other; a commit of the status branch a minute. */
export function tell(
  repository: string,
  chapters: readonly Chapter[],
  name: (chapter: Chapter, position: number) => Partial<Pick<Chapter, 'subject' | 'author'>> = () => ({}),
): Told {
  const revisions = tellBranch(
    repository,
    main,
    chapters.map((each, position): ToldCommit => {
      const { subject, author } = { ...each, ...name(each, position) };
      return { changes: each.files, message: subject, author, wallMs: beganMs + position };
    }),
  );
  git(repository, 'reset', '-q', '--hard', main);
  // A revision that is named in a chapter is the last one of that name.
  const last = new Map<string, string>();
  const placed: { chapter: number; wallMs: number }[] = [];
  const commits = chapters.flatMap(({ revision, written }, position) => {
    last.set(revision, revisions[position] ?? '');
    const names = new Map(last);
    return written.map(({ message, changes }): ToldCommit => {
      const wallMs = beganMs + placed.length * minuteMs;
      placed.push({ chapter: position, wallMs });
      const texts = Object.entries(changes).map(
        ([path, text]) => [renamed(path, names), text === null ? null : renamed(text, names)] as const,
      );
      return { changes: Object.fromEntries(texts), message: renamed(message, names), wallMs };
    });
  });
  const oids = tellBranch(repository, status, commits);
  return { repository, revisions, commits: placed.map((each, i) => ({ ...each, oid: oids[i] ?? '' })) };
}

/** Ids of the world become those of the repository, in full, as rollouts shorten them, and as messages do. */
function renamed(text: string, names: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [from, to] of names) {
    if (!result.includes(from.slice(0, 7))) continue;
    result = result
      .replaceAll(`revisions/${from.slice(0, 2)}/`, `revisions/${to.slice(0, 2)}/`)
      .replaceAll(from, to)
      .replaceAll(from.slice(0, 12), to.slice(0, 12))
      .replaceAll(from.slice(0, 7), to.slice(0, 7));
  }
  return result;
}
