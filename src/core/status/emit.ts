import type { Json, JsonMap } from '../base/data.js';
import { isMap } from '../base/data.js';

/**
 * YAML of our own documents. A general serialiser costs a hundred times as much on 10,000 elements;
 * this one writes block maps and lists of plain data, strings in double quotes wherever a reader could
 * take them for something else.
 */
export function emitYaml(document: JsonMap): string {
  return emitMap(document, '');
}

function emitMap(map: JsonMap, indent: string): string {
  let text = '';
  for (const [key, value] of Object.entries(map)) {
    if (value !== undefined) text += `${indent}${scalar(key)}:${emitValue(value, indent)}\n`;
  }
  return text;
}

function emitValue(value: Json, indent: string): string {
  if (Array.isArray(value))
    return value.length === 0 ? ' []' : `\n${emitList(value as readonly Json[], indent)}`.trimEnd();
  if (isMap(value))
    return Object.keys(value).length === 0 ? ' {}' : `\n${emitMap(value, `${indent}  `)}`.trimEnd();
  return ` ${scalar(value as null | boolean | number | string)}`;
}

function emitList(list: readonly Json[], indent: string): string {
  let text = '';
  for (const item of list) {
    if (isMap(item) && Object.keys(item).length > 0)
      text += `${indent}  - ${emitMap(item, `${indent}    `).trimStart()}`;
    else if (Array.isArray(item)) text += `${indent}  - ${visible(JSON.stringify(item))}\n`;
    else text += `${indent}  -${emitValue(item, indent)}\n`;
  }
  return text;
}

const plain = /^[A-Za-z/][A-Za-z0-9_./~@+-]*$/;
const reserved = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

function scalar(value: null | boolean | number | string): string {
  if (typeof value !== 'string') return String(value);
  return plain.test(value) && !reserved.test(value) ? value : visible(JSON.stringify(value));
}

// Controls, zero-width and direction marks, line separators: a commit's subject must not hide what a document says,
// and a careful reader of YAML refuses them. The beginning of the range is escaped by JSON already.
const unseen = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]/;
const everyUnseen = new RegExp(unseen, 'g');

/** JSON in which every character can be seen; the same data. */
function visible(json: string): string {
  // Most text is plain: looking first is cheaper than replacing always.
  return unseen.test(json)
    ? json.replace(everyUnseen, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
}

/** What a machine reads back, on one line at the end of a document: JSON, which YAML reads too. */
export function memoryLine(memory: unknown): string {
  return `memory: ${visible(JSON.stringify(memory))}\n`;
}

/** The inverse of `memoryLine`; null where a document has none, or somebody broke it. */
export function readMemory(document: string): unknown {
  const at = document.startsWith('memory: ') ? 0 : document.indexOf('\nmemory: ') + 1;
  if (at === 0 && !document.startsWith('memory: ')) return null;
  const end = document.indexOf('\n', at);
  try {
    return JSON.parse(document.slice(at + 'memory: '.length, end < 0 ? undefined : end));
  } catch {
    return null;
  }
}
