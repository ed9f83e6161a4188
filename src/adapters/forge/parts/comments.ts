import type { Comment } from '../../../ports/forge.js';
import { orNull } from './answers.js';
import { makeOnce } from './once.js';
import type { Patience } from './patience.js';

/** A comment with what only the adapter needs of it. */
export interface FoundComment extends Comment {
  readonly id: number;
  /** By whoever the credentials are. */
  readonly isOurs: boolean;
}

/** The comments of one pull request, as a forge has them. */
export interface Comments {
  list(): Promise<readonly FoundComment[]>;
  create(body: string): Promise<FoundComment>;
  update(id: number, body: string): Promise<FoundComment>;
  remove(id: number): Promise<unknown>;
}

/** Ours with that marker, the oldest first. A comment of somebody else who wrote our marker is none. */
async function findOurs(comments: Comments, marker: string): Promise<readonly FoundComment[]> {
  const all = await comments.list();
  return all.filter(({ isOurs, body }) => isOurs && firstLine(body) === marker).sort((a, b) => a.id - b.id);
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
  for (const { id } of younger) await orNull(comments.remove(id));
  return isSameText(oldest.body, body) ? oldest : await orNull(comments.update(oldest.id, body));
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
