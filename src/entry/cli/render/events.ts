import type { EventView } from '../../../core/status/view.js';
import type { LogLine } from '../operations.js';
import { jsonLine } from './json.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { isoTime, timeText } from './words.js';

export function renderEvent(event: EventView, paint: Paint): string {
  const subject = event.subject === '' ? (event.solution ?? event.domain) : event.subject;
  return `${paint.dim(timeText(event.atMs))}  ${printable(event.kind)}  ${paint.bold(printable(subject))}  ${printable(event.message)}\n`;
}

/** `schemas/output/event.schema.json`. */
export function eventJson(event: EventView): string {
  const { sequence, atMs, domain, solution, kind, subject, message, data } = event;
  return jsonLine({ sequence, at: isoTime(atMs), domain, solution, kind, subject, message, data });
}

/** The instance stands in front only where lines of several are mixed. */
export function renderLogLine(line: LogLine, paint: Paint, named: boolean): string {
  const text = printable(line.text);
  const from = named ? `${paint.dim(printable(line.instance))} ` : '';
  return `${from}${line.stream === 'err' ? paint.yellow(text) : text}\n`;
}

export function logLineJson({ instance, atMs, stream, text }: LogLine): string {
  return jsonLine({ instance, at: atMs === null ? null : isoTime(atMs), stream, text });
}
