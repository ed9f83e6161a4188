import type { Json } from '../../../core/base/data.js';
import type { Expectation, Try } from './tries.js';

/** Where in the base model a field is tried, and with what beside that which its schema says. */
export interface Site {
  /** Path in the document, its keys joined by slashes; by default that of the field. */
  readonly at?: string;
  /** What is to stand there for a value of the field, where more has to change with it. */
  readonly make?: (value: Json | undefined) => Json | undefined;
  /** What only people know to try. */
  readonly values: readonly Try[];
  /** By label of what the schema says: where the meaning is another than the schema can tell. Null: not to be tried. */
  readonly but?: Readonly<Record<string, Expectation | null>>;
  /** Labels that are tried in a new release alone: in place what runs goes on, where a fresh installation would not. */
  readonly onlyAnew?: readonly string[];
}

export type Sites = Readonly<Record<string, Site>>;

/** A value to try; by default it is applied. */
export function to(value: Json, expect: Expectation = 'applied'): Try {
  const text = JSON.stringify(value);
  return { label: text.length > 60 ? `${text.slice(0, 57)}...` : text, value, expect };
}

/** A duration: shorter, longer, far too long, and not one at all. */
export function durations(...but: readonly Try[]): readonly Try[] {
  const known = new Set(but.map(({ label }) => label));
  const usual = [
    to('0s'),
    to('2s500ms'),
    to('25s'),
    to('999999999h', 'value.duration'),
    to('10', 'rejected'),
    to('-1s', 'rejected'),
  ];
  return [...usual.filter(({ label }) => !known.has(label)), ...but];
}

/** A number or a percentage of instances. */
export function amounts(...but: readonly Try[]): readonly Try[] {
  const known = new Set(but.map(({ label }) => label));
  const usual = [to(2), to('25%'), to('100%'), to('101%', 'rejected'), to('-1%', 'rejected')];
  return [...usual.filter(({ label }) => !known.has(label)), ...but];
}
