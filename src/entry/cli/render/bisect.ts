import type { BisectedCommit, BisectView } from '../operations.js';
import { changeText, revertLines } from './history.js';
import { jsonDocument } from './json.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { count, durationText, isoTime, shortRevision, timeText } from './words.js';

/** The first commit after which a solution was unhealthy. */
export function renderBisect(view: BisectView, paint: Paint): string {
  const { first, solution } = view;
  const looked = paint.dim(`${count(view.commits, 'status commit')}, ${view.read} read`);
  const name = printable(solution);
  if (view.unhealthy === 'never')
    return `${name} was never unhealthy, as far back as is remembered.\n${looked}\n`;
  if (first === null) return `${name} was unhealthy before any commit of it is remembered.\n${looked}\n`;
  return `${[...commitLines(name, first, paint), looked].join('\n')}\n`;
}

function commitLines(name: string, first: BisectedCommit, paint: Paint): string[] {
  const { sinceMs, untilMs, reason, revision, together } = first;
  const now =
    untilMs === null
      ? `${name} is unhealthy since ${timeText(sinceMs)}.`
      : `${name} is healthy. Last it was unhealthy for ${durationText(untilMs - sinceMs)}, from ${timeText(sinceMs)}.`;
  return [
    now,
    `First commit after which it was: ${paint.bold(shortRevision(revision))}  ${printable(first.subject)} (${printable(first.author)}${committed(first)})`,
    ...(first.when === 'afterwards'
      ? ['It was applied, and fell ill later; nothing of it has changed in Git since.']
      : []),
    ...(reason === null ? [] : [`  ${printable(reason)}`]),
    ...first.changes.map((change) => `  ${changeText(change)}`),
    ...first.evidence.map((line) => `  ${paint.dim('|')} ${printable(line)}`),
    ...revertLines(first.revert).map((line) => `  ${line}`),
    ...(together.length === 0 ? [] : ['Together with it went out:']),
    ...together.map(
      (other) =>
        `  ${shortRevision(other.revision)}  ${printable(other.subject)} (${printable(other.author)})`,
    ),
    `Look: git show ${shortRevision(revision)}, heliostat status --at ${shortRevision(first.status)}`,
  ];
}

function committed({ committedAtMs }: BisectedCommit): string {
  return committedAtMs === null ? '' : `, ${timeText(committedAtMs)}`;
}

/** `schemas/output/bisect.schema.json`. */
export function bisectJson({ domain, solution, unhealthy, commits, read, first }: BisectView): string {
  return jsonDocument({
    domain,
    solution,
    unhealthy,
    commits,
    read,
    first: first === null ? null : firstData(first),
  });
}

function firstData({ sinceMs, untilMs, committedAtMs, ...same }: BisectedCommit): object {
  return {
    ...same,
    since: isoTime(sinceMs),
    until: untilMs === null ? null : isoTime(untilMs),
    committedAt: committedAtMs === null ? null : isoTime(committedAtMs),
  };
}
