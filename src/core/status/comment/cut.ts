import { utf8Length } from '../../base/bytes.js';
import { count } from '../../base/words.js';
import type { Block, CommentDocument, Kind, Part, Section } from './document.js';
import { fencedLines } from './whole.js';

type Cut = (parts: readonly Part[]) => Part[];

const listLengths = [400, 200, 100, 70, 50, 35, 20, 10, 5];
const destroyLengths = [2_000, 1_000, 700, 500, 350, 200, 100, 50, 20, 5, 0];

/**
 * What is done where there is too much, one after the other until it fits: what matters least goes first. Destroys are
 * shortened when nothing else is left, and counted exactly even then.
 */
const cuts: readonly Cut[] = [
  dropBlocks(['lacks'], null),
  dropKind('picture'),
  dropKind('values'),
  each(thin),
  ...listLengths.map((most) => shortenLists(most, ['destroys'])),
  collapse,
  ...listLengths.map((most) => shortenLists(most, ['destroys'])),
  dropBlocks(['plan', 'drift'], 'kept'),
  dropBlocks(['outcome'], 'kept'),
];
const lastCuts: readonly Cut[] = [
  dropBlocks(['plan', 'drift', 'outcome'], null),
  ...destroyLengths.map((most) => shortenLists(most, [])),
  each(headingAlone),
  () => [],
];

/** Each document is smaller than the one before; the first is as it was given. */
export function* smaller(document: CommentDocument): Generator<CommentDocument> {
  yield document;
  let last = document;
  for (const cut of cuts) yield (last = mapped(last, cut));
  yield (last = withoutChanges(last));
  for (const cut of lastCuts) yield (last = mapped(last, cut));
}

/** Bytes of UTF-8: whatever a forge counts, characters are never more. */
export function sizeOf(text: string): number {
  return utf8Length(text);
}

/** It cannot be shorter than its parts. */
export function leastSizeOf({ sections }: CommentDocument): number {
  let size = 0;
  for (const { parts } of sections.values()) for (const { text } of parts) size += text.length;
  return size;
}

function mapped({ sections }: CommentDocument, cut: Cut): CommentDocument {
  const changed = [...sections].map(([name, { memory, parts }]): [typeof name, Section] => [
    name,
    { memory, parts: cut(parts) },
  ]);
  return { sections: new Map(changed) };
}

/** What was shown can be compared by its digest still. */
function withoutChanges({ sections }: CommentDocument): CommentDocument {
  const changed = [...sections].map(([name, { memory, parts }]): [typeof name, Section] => [
    name,
    { memory: { ...memory, changes: null }, parts },
  ]);
  return { sections: new Map(changed) };
}

function each(change: (part: Part) => Part): Cut {
  return (parts) => parts.map(change);
}

function dropKind(kind: Kind): Cut {
  return (parts) => joined(parts.map((part) => (part.kind === kind ? dropped(part) : part)));
}

function dropBlocks(blocks: readonly Block[], but: Kind | null): Cut {
  const isOut = ({ block, kind }: Part) => blocks.includes(block) && kind !== but;
  return (parts) => joined(parts.map((part) => (isOut(part) ? dropped(part) : part)));
}

/** Of a picture or a difference nobody counts lines. */
function dropped(part: Part): Part {
  const { kind, text, cut } = part;
  if (text === '') return part;
  const lines = kind === 'picture' || kind === 'values' ? 0 : cut.lines + cut.items + listed(text);
  return { ...part, text: '', cut: { lines, items: 1 } };
}

/** Of parts that were left out beside each other one trace is enough. */
function joined(parts: readonly Part[]): Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    const isSame =
      last?.text === '' && part.text === '' && last.block === part.block && last.kind === part.kind;
    if (last !== undefined && isSame) all[all.length - 1] = { ...last, cut: added(last.cut, part.cut) };
    else all.push(part);
  }
  return all;
}

function added(a: Part['cut'], b: Part['cut']): Part['cut'] {
  return { lines: a.lines + b.lines, items: a.items + b.items };
}

/** Without what is set in below a change: its values, its reason, what it uses. */
function thin(part: Part): Part {
  if (part.kind !== 'solution' || part.block !== 'plan') return part;
  const { text, gone } = without(part.text, ({ line, isInside }) => isInside && /^.(?: {4}|$)/.test(line));
  return { ...part, text, cut: { ...part.cut, lines: part.cut.lines + gone } };
}

/** Only the first lines of each list and each fence. */
function shortenLists(most: number, not: readonly Block[]): Cut {
  return each((part) => {
    if (not.includes(part.block) || part.block === 'status') return part;
    let run = 0;
    const { text, gone } = without(part.text, (line) => {
      if (isListed(line)) return ++run > most;
      run = 0;
      return false;
    });
    return gone === 0 ? part : { ...part, text, cut: { ...part.cut, items: part.cut.items + gone } };
  });
}

function without(
  text: string,
  isOut: (line: { line: string; isInside: boolean }) => boolean,
): { text: string; gone: number } {
  const lines = fencedLines(text) ?? [];
  const kept = lines.filter((line) => !isOut(line));
  return { text: kept.map(({ line }) => line).join('\n'), gone: lines.length - kept.length };
}

/** One line a solution: its heading. */
function collapse(parts: readonly Part[]): Part[] {
  const solutions = parts.filter(isSolution);
  if (solutions.length < 2) return [...parts];
  const lines = solutions.map(({ text }) => `- ${text.split('\n', 1)[0]?.replace(/^#+ /, '') ?? ''}`);
  const gone = solutions.reduce((sum, { text, cut }) => sum + cut.lines + cut.items + listed(text), 0);
  const text = `#### ${count(lines.length, 'solution')}\n\n${lines.join('\n')}`;
  const one: Part = { block: 'plan', kind: 'list', text, cut: { lines: gone, items: 0 } };
  const at = parts.findIndex(isSolution);
  return [...parts.slice(0, at), one, ...parts.slice(at).filter((part) => !isSolution(part))];
}

function isSolution({ block, kind, text }: Part): boolean {
  return block === 'plan' && kind === 'solution' && text !== '';
}

/** Lines of lists and fences. */
function listed(text: string): number {
  return (fencedLines(text) ?? []).filter(isListed).length;
}

function isListed({ line, isInside }: { readonly line: string; readonly isInside: boolean }): boolean {
  return isInside || /^(?:> )?- /.test(line);
}

function headingAlone(part: Part): Part {
  return part.block === 'status' ? { ...part, text: part.text.split('\n', 1)[0] ?? '' } : part;
}
