import { isAbsolute, normalize } from 'node:path';
import { isMap, type Json } from '../../../core/base/data.js';
import { staysInside } from '../parts/folders.js';
import { refuse } from '../parts/outcomes.js';
import { markerName } from './marker.js';

export interface WantedFile {
  readonly content: Uint8Array;
  readonly mode: number;
}

export interface FileSettings {
  /** Absolute; null for the instance's own folder. */
  readonly path: string | null;
  /** What others put into the folder belongs to it. */
  readonly keepsData: boolean;
  readonly mode: number;
  readonly files: ReadonlyMap<string, WantedFile>;
}

/** @throws {TransitionFailure} naming keys and never contents, which may be secret. */
export function readSettings(configuration: Json): FileSettings {
  const map = isMap(configuration) ? configuration : {};
  const files = new Map<string, WantedFile>();
  const rendered = map['files'] ?? {};
  if (!isMap(rendered)) throw refuse('file.files', 'configuration.files is not a map');
  for (const [name, value] of Object.entries(rendered)) files.set(checkedName(name), readFile(name, value));
  return {
    path: readPath(map['path']),
    keepsData: map['folder'] === true,
    mode: readMode(map['mode'], 0o755),
    files,
  };
}

function readPath(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || !isAbsolute(value) || value.includes('\0') || normalize(value) === '/') {
    throw refuse('file.path', 'configuration.path is not an absolute path of a folder');
  }
  return normalize(value).replace(/\/$/, '');
}

/** Of a file that belongs to the element, rendered or an artifact. */
export function checkedName(name: string): string {
  if (!staysInside(name)) throw refuse('file.escapes', `${JSON.stringify(name)} leaves its folder`);
  if (name === markerName) throw refuse('file.files', `${markerName} is the mark of the owner`);
  return name;
}

function readFile(name: string, value: Json): WantedFile {
  const { content, mode } = isMap(value) ? value : { content: value, mode: undefined };
  if (typeof content !== 'string') throw refuse('file.files', `the content of ${name} is not text`);
  return { content: Buffer.from(content), mode: readMode(mode, 0o644) };
}

function readMode(value: Json | undefined, usual: number): number {
  if (value === undefined || value === null) return usual;
  if (!/^0?[0-7]{3}$/.test(String(value)))
    throw refuse('file.mode', 'a mode is octal and quoted, such as "0644"');
  return Number.parseInt(String(value), 8);
}
