import type { Revision } from '../../core/base/names.js';
import type { CommitInfo } from '../../ports/repository.js';
import { isOid } from './oid.js';

/** Null for bytes that are no commit. */
export function parseCommit(oid: Revision, bytes: Uint8Array): CommitInfo | null {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = raw.indexOf('\n\n');
  const headers = headersOf(raw.subarray(0, end < 0 ? raw.length : end).toString('utf8'));
  const text = end < 0 ? '' : decode(raw.subarray(end + 2), headers.get('encoding')?.[0]);
  const tree = headers.get('tree')?.[0] ?? '';
  if (!isOid(tree)) return null;
  const author = person(headers.get('author')?.[0] ?? '');
  return {
    oid,
    tree,
    parents: (headers.get('parent') ?? []).filter(isOid) as Revision[],
    ...message(text),
    author: author.name,
    authorEmail: author.email,
    committedMs: person(headers.get('committer')?.[0] ?? '').atMs,
  };
}

/** A line that begins with a blank goes on with the value before it (signatures). */
function headersOf(text: string): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const blank = line.indexOf(' ');
    if (blank <= 0) continue;
    const name = line.slice(0, blank);
    headers.set(name, [...(headers.get(name) ?? []), line.slice(blank + 1)]);
  }
  return headers;
}

function person(line: string): { name: string; email: string; atMs: number } {
  const parts = /^(.*?) ?<([^>]*)>(?: (-?\d+)(?: [+-]\d+)?)?$/.exec(line);
  return {
    name: parts?.[1] ?? '',
    email: parts?.[2] ?? '',
    atMs: Number(parts?.[3] ?? 0) * 1000,
  };
}

/** The subject is the first paragraph on one line, as Git shows it. */
export function message(text: string): { subject: string; body: string } {
  const trimmed = text.replace(/^\s*\n/, '').trimEnd();
  const gap = /\n[ \t]*\n/.exec(trimmed);
  const head = gap === null ? trimmed : trimmed.slice(0, gap.index);
  const body = gap === null ? '' : trimmed.slice(gap.index + gap[0].length);
  return { subject: head.split('\n').join(' ').trim(), body: body.replace(/^\n+/, '') };
}

function decode(bytes: Uint8Array, encoding: string | undefined): string {
  try {
    return new TextDecoder(encoding ?? 'utf-8').decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}
