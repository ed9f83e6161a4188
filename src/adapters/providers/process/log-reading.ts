import { fstatSync, readSync } from 'node:fs';
import { plainText } from '../../../core/base/plain-text.js';
import type { Redactor, SafeText } from '../../../core/base/safe-text.js';
import type { LogPage, LogQuery } from '../../../ports/provider.js';
import { logFiles, withOpen } from './log-files.js';

type Line = LogPage['lines'][number];
type Stream = Line['stream'];

interface Position {
  /** Of the file, so that a new run is not taken for the old one. */
  readonly inode: number;
  readonly offset: number;
}

interface Piece extends Position {
  readonly text: string;
}

/** Bytes of one stream in one answer. */
const pageBytes = 1 << 20;
/** A secret that the window cuts in two is not recognised, so this much of its beginning is dropped. */
const overlapBytes = 8192;
const lineLimit = 8192;

export interface StreamPlace {
  readonly stream: Stream;
  readonly file: string;
}

export function readLogs(places: readonly StreamPlace[], query: LogQuery, redact: Redactor): LogPage {
  const before = parseCursor(query.cursor);
  const lines: Line[] = [];
  const after: string[] = [];
  places.forEach(({ stream, file }, i) => {
    const from = before?.[i] ?? null;
    const piece = query.previous
      ? tailOf(logFiles(file).previous)
      : from === null
        ? tailOf(file)
        : since(file, from);
    after.push(`${piece.inode}.${piece.offset}`);
    lines.push(...linesIn(redact(piece.text), stream));
  });
  const wanted = query.sinceMs;
  const recent = inOrder(lines).filter(
    (line) => wanted === null || line.atMs === null || line.atMs >= wanted,
  );
  return { lines: before === null ? lastOf(recent, query.lines) : recent, cursor: after.join(',') };
}

function lastOf<T>(items: readonly T[], count: number): readonly T[] {
  return count > 0 ? items.slice(-count) : [];
}

/** The last lines of both streams, for evidence: errors first to be read. */
export function lastLines(places: readonly StreamPlace[], count: number, redact: Redactor): SafeText {
  const query: LogQuery = { sinceMs: null, lines: count, previous: false, cursor: null };
  const { lines } = readLogs(places, query, redact);
  return lines.map((line) => plainText(line.text).slice(0, 400)).join('\n') as SafeText;
}

/** The end of a log, its older part included, with whatever stands behind the last line break. */
function tailOf(file: string): Piece {
  const current = windowOf(file, null);
  if (current === null) return { inode: 0, offset: 0, text: '' };
  const missing = pageBytes - current.text.length;
  const older = current.cut || missing <= 0 ? null : windowOf(logFiles(file).older, null);
  return { ...current, text: (older?.text ?? '') + current.text };
}

/** What came after a position: whole lines only, so that a follower never shows half a line. */
function since(file: string, from: Position): Piece {
  const current = windowOf(file, from);
  if (current === null) return { ...from, text: '' };
  return current;
}

function windowOf(file: string, from: Position | null): (Piece & { readonly cut: boolean }) | null {
  return withOpen(file, (fd) => {
    const { size, ino } = fstatSync(fd);
    const sameRun = from?.inode === ino;
    // Shorter than the position: the file was rotated, and what lay between is in the older part.
    const rotated = sameRun && from.offset > size;
    const missed = rotated ? (windowFrom(logFiles(file).older, from.offset) ?? '') : '';
    const start = from === null ? Math.max(0, size - pageBytes) : sameRun && !rotated ? from.offset : 0;
    const bytes = readRange(fd, start, Math.min(size, start + pageBytes));
    const whole = from === null ? bytes.length : endOfLines(bytes);
    const cut = from === null && start > 0;
    const text = missed + bytes.toString('utf8', 0, whole);
    return { inode: ino, offset: start + whole, text: cut ? withoutHead(text) : text, cut };
  });
}

function windowFrom(file: string, offset: number): string | null {
  return withOpen(file, (fd) => {
    const { size } = fstatSync(fd);
    return readRange(fd, offset, Math.min(size, offset + pageBytes)).toString('utf8');
  });
}

function withoutHead(text: string): string {
  const rest = text.slice(overlapBytes);
  return rest.slice(rest.indexOf('\n') + 1);
}

/** Where the last whole line ends; a line longer than a window is given in pieces. */
function endOfLines(bytes: Buffer): number {
  const end = bytes.lastIndexOf(10) + 1;
  return end === 0 && bytes.length >= pageBytes ? bytes.length : end;
}

function readRange(fd: number, start: number, end: number): Buffer {
  const buffer = Buffer.alloc(Math.max(0, end - start));
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(fd, buffer, filled, buffer.length - filled, start + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

function linesIn(text: SafeText, stream: Stream): Line[] {
  const parts = text.split(/\r?\n/);
  if (parts.at(-1) === '') parts.pop();
  let atMs: number | null = null;
  return parts.map((part) => {
    // A line without a time of its own, as in a stack trace, belongs to the one before.
    atMs = timeOf(part) ?? atMs;
    return { atMs, stream, text: part.slice(0, lineLimit) as SafeText };
  });
}

/** The processes write their logs themselves, so the only times are those that they write: RFC 3339, or pino's. */
function timeOf(line: string): number | null {
  const head = line.slice(0, 200);
  const iso = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)/.exec(head)?.[0];
  const epoch = /"time":(\d{13})\b/.exec(head)?.[1];
  const ms = iso !== undefined ? Date.parse(iso.replace(' ', 'T').replace(',', '.')) : Number(epoch ?? NaN);
  return Number.isFinite(ms) ? ms : null;
}

/** By time where every line has one; else stream by stream, as they lie. */
function inOrder(lines: readonly Line[]): readonly Line[] {
  if (lines.some((line) => line.atMs === null)) return lines;
  return [...lines].sort((a, b) => (a.atMs as number) - (b.atMs as number));
}

function parseCursor(cursor: string | null): Position[] | null {
  if (cursor === null) return null;
  return cursor.split(',').map((part) => {
    const [inode, offset] = part.split('.').map(Number);
    return { inode: inode ?? 0, offset: offset ?? 0 };
  });
}
