import { utf8Length } from '../../base/bytes.js';
import type { Block, CommentDocument, Kind, Part, Section } from './document.js';
import { fencedLines } from './whole.js';

type Cut = (part: Part) => Part;

/**
 * What is done where there is too much, one after the other until it fits: what matters least goes first. Rollup, status
 * lines and destroys are not among it.
 */
const cuts: readonly Cut[] = [
  dropKind('picture'),
  dropKind('values'),
  thin,
  ...[200, 100, 50, 20, 10, 5].map((most) => shortenLists(most, ['destroys'])),
  collapse,
  shortenLists(2, ['destroys']),
];

/** Each document is smaller than the one before, the first is as it was given. */
export function* smaller(document: CommentDocument): Generator<CommentDocument> {
  yield document;
  let last = document;
  for (const cut of cuts) yield (last = mapped(last, (section) => joined(section.parts.map(cut))));
  yield* fewer(last, 'plan', 'solution');
  last = mapped(last, ({ parts }) => keepFirst(parts, 'plan', 'solution', 0));
  yield last;
  for (const blocks of [['drift', 'plan'], ['outcome']] as const)
    yield (last = mapped(last, ({ parts }) => joined(parts.map(dropBlocks(blocks)))));
  yield (last = withoutChanges(last));
  for (const most of [2_000, 1_000, 500, 200, 100, 50, 20, 5, 0])
    yield (last = mapped(last, ({ parts }) => parts.map(shortenLists(most, []))));
  yield (last = mapped(last, ({ parts }) => parts.map(headingAlone)));
  yield mapped(last, () => []);
}

/** What was shown can be compared by its digest still. */
function withoutChanges({ sections }: CommentDocument): CommentDocument {
  const bare = [...sections].map(
    ([name, { memory, parts }]) => [name, { memory: { ...memory, changes: null }, parts }] as const,
  );
  return { sections: new Map(bare) };
}

function headingAlone(part: Part): Part {
  return part.block === 'status' ? { ...part, text: part.text.split('\n', 1)[0] ?? '' } : part;
}

/** As many of them as there is room for, all sections alike: halves until the number is found. */
function* fewer(document: CommentDocument, block: Block, kind: Kind): Generator<CommentDocument> {
  const most = Math.max(
    0,
    ...[...document.sections.values()].map(({ parts }) => numberOf(parts, block, kind)),
  );
  for (let n = most - 1; n > 0; n = n > 40 ? Math.floor(n * 0.9) : n - 1)
    yield mapped(document, ({ parts }) => keepFirst(parts, block, kind, n));
}

function mapped(document: CommentDocument, change: (section: Section) => readonly Part[]): CommentDocument {
  return {
    sections: new Map(
      [...document.sections].map(([name, section]) => [name, { ...section, parts: change(section) }]),
    ),
  };
}

function numberOf(parts: readonly Part[], block: Block, kind: Kind): number {
  return parts.filter((part) => part.block === block && part.kind === kind && part.text !== '').length;
}

function keepFirst(parts: readonly Part[], block: Block, kind: Kind, most: number): Part[] {
  let seen = 0;
  return joined(
    parts.map((part) => {
      if (part.block !== block || part.kind !== kind || part.text === '') return part;
      return ++seen <= most ? part : dropped(part);
    }),
  );
}

function dropKind(kind: Kind): Cut {
  return (part) => (part.kind === kind ? dropped(part) : part);
}

function dropBlocks(blocks: readonly Block[]): Cut {
  return (part) => (blocks.includes(part.block) ? dropped(part) : part);
}

function dropped(part: Part): Part {
  return part.text === '' ? part : { ...part, text: '', cut: { lines: 0, parts: part.cut.parts + 1 } };
}

/** Of what was left out beside each other one trace is enough. */
function joined(parts: readonly Part[]): Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    const isSame =
      last?.text === '' && part.text === '' && last.block === part.block && last.kind === part.kind;
    if (last !== undefined && isSame)
      all[all.length - 1] = { ...last, cut: { lines: 0, parts: last.cut.parts + part.cut.parts } };
    else all.push(part);
  }
  return all;
}

/** Without what is set in below a change: its values, its reason, what it uses. */
function thin(part: Part): Part {
  if (part.kind !== 'solution' || part.block !== 'plan') return part;
  return without(part, ({ line, isInside }) => isInside && /^.(?: {4}|$)/.test(line));
}

function without(part: Part, isOut: (line: { line: string; isInside: boolean }) => boolean): Part {
  const lines = fencedLines(part.text) ?? [];
  const kept = lines.filter((line) => !isOut(line));
  const gone = lines.length - kept.length;
  if (gone === 0) return part;
  const text = kept.map(({ line }) => line).join('\n');
  return { ...part, text, cut: { ...part.cut, lines: part.cut.lines + gone } };
}

/** Only the first lines of each list and each fence. */
function shortenLists(most: number, not: readonly Block[]): Cut {
  return (part) => {
    if (not.includes(part.block) || part.block === 'status') return part;
    let run = 0;
    return without(part, ({ line, isInside }) => {
      if (!isInside && !/^(?:> )?- /.test(line)) {
        run = 0;
        return false;
      }
      return ++run > most;
    });
  };
}

/** A solution in one line: its heading. */
function collapse(part: Part): Part {
  if (part.kind !== 'solution' || part.block !== 'plan' || !part.text.startsWith('#### ')) return part;
  const [heading = ''] = part.text.split('\n', 1);
  const gone = (fencedLines(part.text) ?? []).filter(({ isInside }) => isInside).length;
  return { ...part, text: `- ${heading.slice(5)}`, cut: { ...part.cut, lines: part.cut.lines + gone } };
}

export function sizeOf(text: string): number {
  // Bytes of UTF-8: whatever a forge counts, characters are never more.
  return utf8Length(text);
}
