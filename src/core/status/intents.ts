import type { DomainName } from '../base/names.js';
import { byCodeUnit } from '../base/order.js';
import type { CarriedPiece } from '../journal/carried.js';
import { decodePiece, encodePiece } from '../journal/carried.js';
import { statusSchema } from './claim.js';
import { emitYaml } from './emit.js';

/** `<domain>/intents/<epoch>/<number>.yaml`: the journal, where the state folder does not outlive the controller. */
export const intentsFolder = 'intents';

export function intentsPath(domain: DomainName, { epoch, number }: IntentsPlace): string {
  return `${domain}/${intentsFolder}/${epoch}/${number}.yaml`;
}

export interface IntentsPlace {
  readonly epoch: number;
  readonly number: number;
}

/** Of a path below the folder of intents; null: not one of ours. */
export function intentsPlace(path: string): IntentsPlace | null {
  const [, epoch, number] = /^([1-9][0-9]{0,14})\/([1-9][0-9]{0,14})\.yaml$/.exec(path) ?? [];
  return epoch === undefined ? null : { epoch: Number(epoch), number: Number(number) };
}

/** In the order in which they were carried. */
export function byPlace(a: IntentsPlace, b: IntentsPlace): number {
  return a.epoch - b.epoch || a.number - b.number;
}

/** So many are named for a person; the machine reads the journal below. */
const mostNamed = 50;

/** `begun`: what was about to be done, for people. */
export function intentsDocument(piece: CarriedPiece, begun: readonly string[]): string {
  const { epoch, number, snapshot } = piece;
  const more = begun.length - mostNamed;
  const named = more > 0 ? [...begun.slice(0, mostNamed), `and ${more} more`] : begun;
  const about = snapshot === null ? {} : { snapshot: true };
  const head = emitYaml({ schemaVersion: statusSchema, epoch, number, ...about, begun: named });
  return `${head}${block}${encodePiece(piece)
    .map((line) => `  ${line}\n`)
    .join('')}`;
}

const block = 'journal: |\n';

export type IntentsReading =
  | { readonly kind: 'piece'; readonly piece: CarriedPiece }
  /** Written by a later version. */
  | { readonly kind: 'newer' }
  | { readonly kind: 'broken' };

/** The inverse of `intentsDocument`. */
export function readIntents(document: string): IntentsReading {
  if (Number(/^schemaVersion: (\d+)$/m.exec(document)?.[1] ?? 0) > statusSchema) return { kind: 'newer' };
  const at = document.indexOf(`\n${block}`);
  if (at < 0) return { kind: 'broken' };
  const lines = document.slice(at + 1 + block.length).split('\n');
  const isWhole = lines.pop() === '' && lines.every((line) => line.startsWith('  '));
  const piece = isWhole ? decodePiece(lines.map((line) => line.slice(2))) : null;
  return piece === null ? { kind: 'broken' } : { kind: 'piece', piece };
}

/** What a commit that carries only intents says of them. */
export function intentsSubject(domain: DomainName, begun: readonly string[]): string {
  const [first, ...more] = [...begun].sort(byCodeUnit);
  if (first === undefined) return `${domain}: the journal`;
  return `${domain}: about to ${first}${more.length === 0 ? '' : ` and ${more.length} more`}`;
}
