import type { JsonMap } from '../base/data.js';
import { isMap } from '../base/data.js';
import type { DomainName } from '../base/names.js';
import { isoTime } from '../base/time.js';
import { emitYaml, memoryLine, readMemory } from './emit.js';

/** What a person said where no controller could hear it: `<domain>/requests/<id>.yaml` on the status branch. */
export interface WrittenRequest {
  /** Names the file, and is never used twice. Sorted as they were said. */
  readonly id: string;
  /** As a controller takes it: verb, target or hold, who, reason. */
  readonly request: JsonMap;
  /** The tip that the person knew of; null: there was none. */
  readonly tip: string | null;
  /** Milliseconds since 1970. */
  readonly saidAtMs: number;
}

export const requestFolder = 'requests';

export function requestPath(domain: DomainName, id: string): string {
  return `${domain}/${requestFolder}/${id}.yaml`;
}

/** Null: no name of a request. */
export function requestId(fileName: string): string | null {
  return /^([0-9A-Za-z][0-9A-Za-z-]{0,99})\.yaml$/.exec(fileName)?.[1] ?? null;
}

export function requestDocument(written: WrittenRequest): string {
  const { id, request, tip, saidAtMs } = written;
  return emitYaml({ id, ...request, tip, said: isoTime(saidAtMs) }) + memoryLine(written);
}

/** Null: somebody else's file, or a broken one. */
export function readRequest(document: string): WrittenRequest | null {
  const read = readMemory(document) as Partial<WrittenRequest> | null;
  if (read === null || typeof read.id !== 'string' || !isMap(read.request ?? null)) return null;
  if (typeof read.saidAtMs !== 'number' || (read.tip !== null && typeof read.tip !== 'string')) return null;
  return read as WrittenRequest;
}
