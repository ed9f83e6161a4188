import { splitElementKey } from '../../base/names.js';
import { printable } from '../../base/printable.js';
import { durationText, groupBy, padded, widest } from '../../base/words.js';
import type { Activity, PreviewRow, PreviewSpan } from '../../plan/types.js';

/** In columns. */
export interface Widths {
  readonly track: number;
  /** A longer one is cut at its beginning. */
  readonly label: number;
}

/** How each activity is drawn, the one that matters most first: of several at one moment it is the one that shows. */
const marks: readonly (readonly [activity: Activity, mark: string, words: string])[] = [
  ['draining', 'v', 'draining'],
  ['stopping', 'x', 'stopping'],
  ['starting', 's', 'starting'],
  ['reconfiguring', 'r', 'reconfiguring'],
  ['resetting', 'z', 'resetting'],
  ['creating', 'c', 'creating'],
  ['configuring', 'f', 'configuring'],
  ['destroying', 'd', 'destroying'],
  ['turningHealthy', '~', 'turning healthy'],
  ['serving', '━', 'serving'],
  ['waiting', '·', 'waiting'],
];
const ranks = new Map(marks.map(([activity], rank) => [activity, rank]));
const nothing = marks.length;

/** What is drawn in one line. */
export interface Line {
  readonly label: string;
  readonly spans: readonly PreviewSpan[];
}

export interface TimeLine {
  readonly label: string;
  readonly text: string;
  /** Times and legend, not what happens. */
  readonly isNote: boolean;
}

/** Labels are padded to one width; time runs to the right. */
export function timeLine(durationMs: number, lines: readonly Line[], widths: Widths): TimeLine[] {
  const end = Math.max(1, durationMs);
  const drawn = lines.map(({ label, spans }) => ({
    label: fitted(label, widths.label),
    text: track(stretchesOf(spans), end, widths.track),
  }));
  const labels = widest(drawn.map(({ label }) => label));
  const note = (text: string): TimeLine => ({ label: padded('', labels), text, isNote: true });
  return [
    note(scale(end, widths.track)),
    ...drawn.map(({ label, text }) => ({ label: padded(label, labels), text, isNote: false })),
    ...legend(drawn.map(({ text }) => text).join(''), widths.track).map(note),
  ];
}

/** One line an element and version, in order of what happens first. */
export function linesOf(rows: readonly PreviewRow[]): Line[] {
  const twice = versionsWithTwoGenerations(rows);
  const groups = [...groupBy(rows, ({ element }) => element).values()];
  const ordered = groups.map((group) => ({ group, at: firstMove(group) })).sort((a, b) => a.at - b.at);
  return ordered.flatMap(({ group }) =>
    group.map((row) => ({ label: rowLabel(row, twice), spans: row.spans })),
  );
}

/** One line a solution, where elements would fill the screen. */
export function linesOfSolutions(rows: readonly PreviewRow[]): Line[] {
  const solutions = groupBy(rows, ({ element }) => splitElementKey(element).solution);
  return [...solutions].map(([name, of]) => ({
    label: printable(name),
    spans: of.flatMap(({ spans }) => spans),
  }));
}

/** When something other than serving begins. */
function firstMove(rows: readonly PreviewRow[]): number {
  const moves = rows.flatMap(({ spans }) =>
    spans
      .filter(({ instances }) => Object.keys(instances).some((activity) => activity !== 'serving'))
      .map(({ fromMs }) => fromMs),
  );
  return moves.reduce((a, b) => Math.min(a, b), Number.MAX_SAFE_INTEGER);
}

/** `shop/api 1.4.0`; with the generation only where one version has two. */
export function rowLabel({ element, cluster }: PreviewRow, twice: ReadonlySet<string>): string {
  const [version = '', generation = ''] = cluster.split('~');
  const name = `${element} ${version}`;
  return printable(twice.has(name) ? `${name}~${generation}` : name);
}

export function versionsWithTwoGenerations(rows: readonly PreviewRow[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { element, cluster } of rows) {
    const name = `${element} ${cluster.split('~')[0]}`;
    (seen.has(name) ? twice : seen).add(name);
  }
  return twice;
}

function fitted(label: string, longestLabel: number): string {
  return label.length <= longestLabel ? label : `…${label.slice(label.length - longestLabel + 1)}`;
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly rank: number;
}

/** What shows when: spans may overlap, and what is not covered is empty. */
function stretchesOf(spans: readonly PreviewSpan[]): Stretch[] {
  const edges = spans.flatMap(({ fromMs, toMs, instances }) => {
    const shown = Math.min(...(Object.keys(instances) as Activity[]).map((one) => ranks.get(one) ?? nothing));
    return [
      { at: fromMs, rank: shown, by: 1 },
      { at: toMs, rank: shown, by: -1 },
    ];
  });
  edges.sort((a, b) => a.at - b.at);
  const open = Array<number>(nothing + 1).fill(0);
  const stretches: Stretch[] = [];
  let last = { at: 0, rank: nothing };
  for (const [i, { at, rank, by }] of edges.entries()) {
    open[rank] = (open[rank] ?? 0) + by;
    if (edges[i + 1]?.at === at) continue;
    const top = open.findIndex((count) => count > 0);
    const now = top < 0 ? nothing : top;
    if (now === last.rank) continue;
    if (at > last.at) stretches.push({ fromMs: last.at, toMs: at, rank: last.rank });
    last = { at, rank: now };
  }
  return stretches;
}

/** Each stretch has a cell, however short it is, as long as that does not move the others far from their times. */
function track(stretches: readonly Stretch[], end: number, width: number): string {
  return (spread(stretches, end, width) ?? byCell(stretches, end, width)).join('');
}

function spread(stretches: readonly Stretch[], end: number, width: number): string[] | null {
  const cells = Array<string>(width).fill(' ');
  let from = 0;
  for (const [i, { fromMs, toMs, rank }] of stretches.entries()) {
    const room = width - (stretches.length - i - 1);
    const at = Math.floor((fromMs / end) * width);
    const first = Math.max(from, Math.min(at, room - 1));
    const to = Math.min(room, Math.max(first + 1, Math.floor((toMs / end) * width)));
    if (first >= to || Math.abs(first - at) > width / 8) return null;
    cells.fill(marks[rank]?.[1] ?? ' ', first, to);
    from = to;
  }
  return cells;
}

/** What matters most of all that happens within the time of a cell. */
function byCell(stretches: readonly Stretch[], end: number, width: number): string[] {
  const ranksOf = Array<number>(width).fill(nothing);
  for (const { fromMs, toMs, rank } of stretches) {
    const last = Math.min(width - 1, Math.ceil((toMs / end) * width) - 1);
    for (let cell = Math.floor((fromMs / end) * width); cell <= last; cell++)
      ranksOf[cell] = Math.min(ranksOf[cell] ?? nothing, rank);
  }
  return ranksOf.map((rank) => marks[rank]?.[1] ?? ' ');
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((n) => n * second))
  .concat([1, 2, 5, 10, 15, 30].map((n) => n * minute))
  .concat([1, 2, 6, 12, 24].map((n) => n * hour));
const columnsPerTick = 10;

/** Round times above the columns where they are. */
function scale(end: number, width: number): string {
  const step = steps.find((candidate) => (candidate / end) * width >= columnsPerTick) ?? end;
  let line = '';
  for (let at = 0; at <= end; at += step)
    line = `${padded(line, Math.floor((at / end) * width))}${at === 0 ? '0' : durationText(at)}`;
  return line;
}

/** In lines no longer than the time line. */
function legend(drawn: string, width: number): string[] {
  const entries = marks
    .filter(([, mark]) => drawn.includes(mark))
    .map(([, mark, words]) => `${mark} ${words}`);
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 2 + entry.length <= width)
      lines[lines.length - 1] = `${last}  ${entry}`;
    else lines.push(entry);
  }
  return lines;
}
