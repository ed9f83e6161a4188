import { canonicalJson, type Json } from '../base/data.js';
import { utf8Length } from '../base/bytes.js';
import type { Reference, Template } from '../base/template.js';
import type { PlacedHole, Pattern } from './template.js';

/** A result of `${…}` larger than this is an error: a few lines could otherwise ask for gigabytes. */
export const resultLimitBytes = 64 * 1024;
const totalLimitBytes = 16 * resultLimitBytes;

/** What a hole becomes: a value with holes that only the running instance can fill, or nothing (left out). */
export type Filled = Template | null;

export interface Substitution {
  /** Reports what is wrong by itself and then returns null. */
  fill(hole: PlacedHole): Filled;
  wrong(hole: { readonly pointer: string; readonly nth: number }, kind: 'tooLarge' | 'notText'): void;
}

/** Fills the holes of one value; literal subtrees stay shared. */
export function substitute(pattern: Pattern, substitution: Substitution): Template {
  return new Substituter(substitution).value(pattern) ?? { kind: 'literal', value: null };
}

class Substituter {
  private total = 0;

  constructor(private readonly substitution: Substitution) {}

  value(pattern: Pattern): Template | null {
    switch (pattern.kind) {
      case 'literal':
        return pattern;
      case 'hole':
        return this.bounded(this.substitution.fill(pattern.hole), pattern.hole);
      case 'text':
        return this.text(pattern.parts, pattern.pointer);
      case 'list':
        return listTemplate(
          pattern.items.map((item) => this.value(item)).filter((item): item is Template => item !== null),
        );
      case 'map': {
        const entries: [string, Template][] = [];
        for (const [key, member] of pattern.entries) {
          const value = this.value(member);
          if (value !== null) entries.push([key, value]);
        }
        return mapTemplate(entries);
      }
    }
  }

  private text(parts: readonly (string | PlacedHole)[], pointer: string): Template {
    const segments: (string | Reference)[] = [];
    let size = 0;
    for (const part of parts) {
      const filled = typeof part === 'string' ? part : this.inText(part);
      for (const segment of typeof filled === 'string' ? [filled] : filled) {
        segments.push(segment);
        size += typeof segment === 'string' ? utf8Length(segment) : 0;
      }
      if (!this.fits(size)) {
        this.substitution.wrong(typeof part === 'string' ? { pointer, nth: 0 } : part, 'tooLarge');
        return { kind: 'literal', value: '' };
      }
    }
    this.total += size;
    return textTemplate(segments);
  }

  private inText(hole: PlacedHole): string | readonly (string | Reference)[] {
    const filled = this.substitution.fill(hole);
    if (filled === null) return '';
    if (filled.kind === 'reference') return [filled.reference];
    if (filled.kind === 'text') return filled.segments;
    if (filled.kind === 'literal' && (typeof filled.value !== 'object' || filled.value === null)) {
      return filled.value === null ? '' : String(filled.value);
    }
    this.substitution.wrong(hole, 'notText');
    return '';
  }

  private bounded(filled: Filled, hole: PlacedHole): Filled {
    if (filled === null || filled.kind === 'reference') return filled;
    const size = sizeOf(filled);
    if (this.fits(size)) {
      this.total += size;
      return filled;
    }
    this.substitution.wrong(hole, 'tooLarge');
    return null;
  }

  private fits(size: number): boolean {
    return size <= resultLimitBytes && this.total + size <= totalLimitBytes;
  }
}

function sizeOf(template: Template): number {
  if (template.kind === 'literal') {
    const { value } = template;
    return typeof value === 'string'
      ? utf8Length(value)
      : value === null || typeof value !== 'object'
        ? 8
        : utf8Length(canonicalJson(value));
  }
  return utf8Length(canonicalJson(template));
}

export function listTemplate(items: readonly Template[]): Template {
  const values: Json[] = [];
  for (const item of items) {
    if (item.kind !== 'literal') return { kind: 'list', items };
    values.push(item.value);
  }
  return { kind: 'literal', value: values };
}

export function mapTemplate(entries: readonly (readonly [string, Template])[]): Template {
  if (entries.every(([, member]) => member.kind === 'literal')) {
    const value = entries.map(
      ([key, member]) => [key, member.kind === 'literal' ? member.value : null] as const,
    );
    return { kind: 'literal', value: Object.fromEntries(value) };
  }
  return { kind: 'map', entries: Object.fromEntries(entries) };
}

/** Neighbouring text is joined, so that equal meaning gives equal data. */
export function textTemplate(segments: readonly (string | Reference)[]): Template {
  const joined: (string | Reference)[] = [];
  for (const segment of segments) {
    const last = joined[joined.length - 1];
    if (typeof segment === 'string' && typeof last === 'string') joined[joined.length - 1] = last + segment;
    else if (segment !== '') joined.push(segment);
  }
  const [only] = joined;
  if (joined.length === 0) return { kind: 'literal', value: '' };
  if (joined.length === 1 && typeof only === 'string') return { kind: 'literal', value: only };
  return { kind: 'text', segments: joined };
}
