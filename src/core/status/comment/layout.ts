import { sortedBy } from '../../base/order.js';
import { count, shortRevision } from '../../base/words.js';
import { marker, type CommentDocument, type Kind, type Part, type Section } from './document.js';
import { address, htmlCode, link } from './escape.js';
import { headline } from './headline.js';
import { encodeMemory } from './memory.js';
import { fold } from './pieces.js';

/** What parts of it a program finds again; what stands behind a frame is made anew each time. */
export const sectionMark = /^<!-- heliostat:section ([A-Za-z0-9_-]*) -->$/;
export const partMark = /^<!-- heliostat:part ([a-z]+) ([a-z]+) (\d+) (\d+) -->$/;
export const frameMark = '<!-- heliostat:frame -->';
/** Foreign text can begin no line like that. */
export const moreMark = '_… and ';

/** All of it, with or without what only programs read. */
export function laidOut(document: CommentDocument, isHidden: boolean): string {
  const sections = sortedBy(document.sections.values(), ({ memory }) => memory.domain);
  return [
    ...(isHidden ? [marker] : []),
    headline(sections.map(({ memory }) => memory)),
    ...sections.flatMap((section) => sectionTexts(section, isHidden)),
  ]
    .join('\n\n')
    .concat('\n');
}

function sectionTexts({ memory, parts }: Section, isHidden: boolean): string[] {
  const isFolded = memory.isMerged;
  // What will not happen any more is no reason to be loud.
  const isOff = isFolded && (memory.phase === 'rejected' || memory.phase === 'superseded');
  const inPlan = ({ block }: Part) => block === 'plan' || (isOff && block === 'destroys');
  const plan = parts.filter(inPlan);
  const rest = parts.filter((one) => !inPlan(one));
  const texts = (some: readonly Part[]) => some.flatMap((one) => partTexts(one, isHidden));
  const frame = isHidden ? [frameMark] : [];
  const isShown = plan.some(({ text }) => text !== '');
  return [
    ...(isHidden ? [`<!-- heliostat:section ${encodeMemory(memory)} -->`] : []),
    ...texts(rest),
    ...(isFolded && isShown ? [...frame, ...folded(texts(plan), memory.head, isHidden)] : texts(plan)),
    ...cutNote(parts, memory.wholeUrl, frame),
  ];
}

function folded(texts: readonly string[], head: string | null, isHidden: boolean): string[] {
  const of = head === null ? '' : ` for ${htmlCode(shortRevision(head))}`;
  const [open = '', close = ''] = fold(`The plan as it was shown${of}`, '\0', false).split('\n\n\0\n\n');
  return [open, ...texts, ...(isHidden ? [frameMark] : []), close];
}

function partTexts({ block, kind, text, cut }: Part, isHidden: boolean): string[] {
  return [
    ...(isHidden ? [`<!-- heliostat:part ${block} ${kind} ${cut.lines} ${cut.items} -->`] : []),
    ...(text === '' ? [] : [text]),
    ...more({ block, kind, text, cut }),
  ];
}

/** Where a list ends early, said at its end. */
function more({ text, cut }: Part): string[] {
  return text !== '' && cut.items > 0 ? [`${moreMark}${cut.items} more_`] : [];
}

/** What is missing, and where all of it is. */
function cutNote(parts: readonly Part[], wholeUrl: string | null, frame: readonly string[]): string[] {
  const gone = parts.filter(({ text }) => text === '');
  const partsOf = (...kinds: readonly Kind[]) =>
    sum(gone.filter(({ kind }) => kinds.includes(kind)).map(({ cut }) => cut.items));
  const lines = sum(parts.map(({ text, cut }) => cut.lines + (text === '' ? 0 : cut.items)));
  const words = [
    counted(partsOf('picture'), 'time line'),
    counted(partsOf('values'), 'difference of two releases', 'differences of two releases'),
    counted(partsOf('solution'), 'solution'),
    counted(partsOf('list', 'kept'), 'section'),
    counted(lines, 'line'),
  ].filter((word) => word !== '');
  if (words.length === 0) return [];
  const isThere = wholeUrl !== null && address(wholeUrl) !== null;
  const where = isThere ? ` ${link('All of it', wholeUrl)}.` : '';
  return [...frame, `✂️ Left out, since a comment takes only so much: ${words.join(', ')}.${where}`];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function counted(number: number, noun: string, plural = `${noun}s`): string {
  return number === 0 ? '' : count(number, noun, plural);
}
