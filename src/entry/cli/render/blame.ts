import type { BlamedChange, BlameView } from '../operations.js';
import { quarantineText, revertLines } from './history.js';
import { jsonDocument } from './json.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { pullRequestLines } from './pull-request.js';
import { arrow } from '../../../core/status/words/shape.js';
import { valueLines } from './values.js';
import { count, isoTime, shortRevision, timeText } from './words.js';

type Element = BlameView['elements'][number];
type Blamed = Element['aspects'][number];

/** Which commit made each element what it is. */
export function renderBlame(view: BlameView, paint: Paint): string {
  const down = view.down ? ['Everything was taken down by hand: heliostat apply brings it back.', ''] : [];
  const elements = view.elements.flatMap((element) => elementLines(element, paint));
  return `${[...down, ...elements].join('\n').trimEnd()}\n`;
}

function elementLines({ element, aspects }: Element, paint: Paint): string[] {
  return [
    paint.bold(printable(element)),
    ...aspects.flatMap((blamed) => aspectLines(blamed, paint).map((line) => `  ${line}`)),
    '',
  ];
}

function aspectLines(blamed: Blamed, paint: Paint): string[] {
  const { by, undone } = blamed;
  return [
    `${headline(blamed)}`,
    ...(by === null ? ['  since before anything is remembered'] : changeLines(by, paint).map(indented)),
    ...undone.flatMap((change) => undoneLines(blamed, change)).map(indented),
  ];
}

function headline({ aspect, value }: Blamed): string {
  if (value === null) return `${aspect}: it is not there`;
  switch (aspect) {
    case 'version':
      return `version ${printable(value)}`;
    case 'size':
      return count(Number(value), 'instance');
    case 'configuration':
      return `configuration (generation ${printable(value)})`;
  }
}

function changeLines(change: BlamedChange, paint: Paint): string[] {
  const { reverts, revertMadeBy, author, startedAtMs, endedAtMs, rollout } = change;
  const by = revertMadeBy === 'heliostat' ? 'Heliostat' : printable(author);
  const done =
    endedAtMs === null
      ? `${change.verdict} since ${timeText(startedAtMs)}, ${arrow(printable(change.before ?? 'nothing'), printable(change.after ?? 'nothing'))} is not done yet`
      : `${change.verdict} ${timeText(endedAtMs)}`;
  return [
    `by ${commitText(change)}`,
    ...pullRequestLines(change.pullRequest),
    paint.dim(`${done}, rollout ${printable(rollout)}`),
    ...(reverts === null ? [] : [`revert of ${shortRevision(reverts)}, by ${by}`]),
    ...change.values.flatMap((value) => valueLines(value, paint)),
  ];
}

function commitText({ revision, subject, author, committedAtMs }: BlamedChange): string {
  const when = committedAtMs === null ? '' : `, ${timeText(committedAtMs)}`;
  return `${shortRevision(revision)}  ${printable(subject)} (${printable(author)}${when})`;
}

/** `stays at 1.0.0: 1.1.0 failed in a1b2c3d, see b2c3d4e`. */
function undoneLines({ aspect, value }: Blamed, change: BlamedChange): string[] {
  const { after, revert, reason, quarantined } = change;
  const see = revert?.commit ?? null;
  const failed = aspect === 'configuration' ? 'another one' : printable(after ?? 'its removal');
  const stays = value === null ? 'it stays away' : `stays at ${printable(value)}`;
  return [
    `${stays}: ${failed} ${change.verdict === 'reverted' ? 'failed' : change.verdict} in ${commitText(change)}${see === null ? '' : `, see ${shortRevision(see)}`}`,
    ...pullRequestLines(change.pullRequest).map(indented),
    ...(reason === null ? [] : [`  ${printable(reason)}`]),
    ...revertLines(revert).map(indented),
    ...(aspect === 'version' ? quarantined.map((cluster) => `  ${quarantineText(cluster)}`) : []),
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}

/** `schemas/output/blame.schema.json`. */
export function blameJson(view: BlameView): string {
  const { domain, target, down } = view;
  const elements = view.elements.map(({ element, aspects }) => ({
    element: `${domain}/${element}`,
    aspects: aspects.map(({ aspect, value, by, undone }) => ({
      aspect,
      value,
      by: by === null ? null : changeData(by),
      undone: undone.map(changeData),
    })),
  }));
  return jsonDocument({ domain, target, down, elements });
}

function changeData(change: BlamedChange): object {
  const { committedAtMs, startedAtMs, endedAtMs, values, ...same } = change;
  return {
    ...same,
    committedAt: committedAtMs === null ? null : isoTime(committedAtMs),
    startedAt: isoTime(startedAtMs),
    endedAt: endedAtMs === null ? null : isoTime(endedAtMs),
    values: values.map(({ path, before, after }) => ({ path, before: before ?? null, after: after ?? null })),
  };
}
