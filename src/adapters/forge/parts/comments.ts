import { safe } from '../../../core/base/safe-text.js';
import type { Comment } from '../../../ports/forge.js';
import { orNull, Refusal } from './answers.js';
import { makeOnce } from './once.js';
import type { Patience } from './patience.js';

/** A comment with what only the adapter needs of it. */
export interface FoundComment extends Comment {
  readonly id: number;
  /** By whoever the credentials are. */
  readonly isOurs: boolean;
  /** The login of somebody else whose comment counts as ours; null: it is ours, or of somebody who is not trusted. */
  readonly trusted: string | null;
}

/** How one login stands to us. */
export function standingOf(
  isOurs: boolean,
  login: string | undefined,
  trusted: readonly string[],
): Pick<FoundComment, 'isOurs' | 'trusted'> {
  const isTrusted = trusted.some((one) => one.toLowerCase() === login?.toLowerCase());
  return { isOurs, trusted: !isOurs && isTrusted ? (login ?? null) : null };
}

/** The comments of one pull request, as a forge has them. */
export interface Comments {
  list(): Promise<readonly FoundComment[]>;
  create(body: string): Promise<FoundComment>;
  update(id: number, body: string): Promise<FoundComment>;
  remove(id: number): Promise<unknown>;
}

/** With that marker, the oldest first. A comment of somebody who is not trusted and wrote our marker is none. */
async function findOurs(comments: Comments, marker: string): Promise<readonly FoundComment[]> {
  const all = await comments.list();
  return all
    .filter(({ isOurs, trusted, body }) => (isOurs || trusted !== null) && firstLine(body) === marker)
    .sort((a, b) => a.id - b.id);
}

export async function findComment(comments: Comments, marker: string): Promise<FoundComment | null> {
  return (await findOurs(comments, marker))[0] ?? null;
}

/**
 * Two writers may both find nothing and both make one. So each looks again after it: the oldest stays, and gets what
 * is to be said; the younger ones go.
 */
export async function writeComment(
  comments: Comments,
  { marker, body }: { readonly marker: string; readonly body: string },
  patience: Patience,
): Promise<Comment> {
  if (firstLine(body) !== marker) throw new Error('a comment begins with its marker');
  const written = await settle(comments, await findOurs(comments, marker), body);
  if (written !== null) return written;
  const made = await makeOnce(
    () => comments.create(body),
    () => findComment(comments, marker),
    patience,
  );
  return (await settle(comments, await findOurs(comments, marker), body)) ?? made;
}

/** Null: there is none, or somebody has just deleted it. */
async function settle(
  comments: Comments,
  [oldest, ...younger]: readonly FoundComment[],
  body: string,
): Promise<Comment | null> {
  if (oldest === undefined) return null;
  const written = isSameText(oldest.body, body) ? oldest : await orNull(edited(comments, oldest, body));
  if (written === null) return settle(comments, younger, body);
  // Each takes away its own: whoever is trusted does the same as soon as it writes.
  for (const { id, isOurs } of younger) if (isOurs) await orNull(comments.remove(id));
  return written;
}

/** A second comment beside one that may not be edited would leave readers with two truths. */
async function edited(comments: Comments, { id, trusted }: FoundComment, body: string): Promise<Comment> {
  try {
    return await comments.update(id, body);
  } catch (error) {
    if (trusted === null || !(error instanceof Refusal) || error.status !== 403) throw error;
    throw new Refusal(
      'forge.commentOfAnother',
      safe(`The comment is one of ${trusted}, and the forge does not let these credentials edit it`),
      safe(
        `Let them write to the repository, not only to its pull requests, or take ${trusted} out of forge.trusts`,
      ),
      403,
    );
  }
}

function firstLine(body: string): string {
  return (body.split('\n', 1)[0] ?? '').trim();
}

/** A forge may keep other line ends than it was given. */
function isSameText(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}
