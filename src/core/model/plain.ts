import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, type Scalar } from 'yaml';
import type { Json } from '../base/data.js';
import { didYouMean } from './suggest.js';
import type { Problems } from './problems.js';
import { codePointName, invisibleCharacter, quoted } from './quote.js';
import type { TextLimits } from './scan.js';

/** One node of the plain data, in the order in which one walks it. */
interface Spot {
  readonly offset: number;
  readonly back: number;
  below: number;
  readonly written: string | null;
}

/** A member of a map and the spots that are its own. */
interface Member {
  readonly key: string;
  readonly first: number;
  readonly end: number;
}

export interface Plain {
  readonly data: Json;
  readonly places: readonly number[];
  readonly written: readonly (number | string)[];
}

/** Syntax tree to plain data, with all that YAML allows and a model must not hold refused. */
export function plainOf(root: ParsedNode | null, limits: TextLimits, problems: Problems): Plain {
  const walk = new Walk(limits, problems);
  const data = root === null ? walk.nothing() : walk.value(root, 0, null);
  const written: (number | string)[] = [];
  walk.spots.forEach((spot, node) => {
    if (spot.written !== null) written.push(node, spot.written);
  });
  return { data, places: walk.spots.flatMap((spot) => [spot.offset, spot.back, spot.below]), written };
}

class Walk {
  readonly spots: Spot[] = [];
  readonly #limits: TextLimits;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, ParsedNode>();
  /** Nodes around the one that is read: an alias to one of them repeats itself. */
  readonly #open = new Set<ParsedNode>();
  #aliases = 0;
  #tooMuch = false;

  constructor(limits: TextLimits, problems: Problems) {
    this.#limits = limits;
    this.#problems = problems;
  }

  nothing(): Json {
    this.spots.push({ offset: 0, back: 0, below: 0, written: null });
    return null;
  }

  /** `keyAt` is the offset of the key; `aliasAt` where an alias stands, since all that it repeats is written there. */
  value(node: ParsedNode, keyAt: number | null, aliasAt: number | null): Json {
    const offset = aliasAt ?? node.range[0];
    if (isAlias(node)) return this.#alias(node.source, offset, keyAt);
    const back = keyAt === null || this.spots.length === 0 ? 0 : Math.max(0, offset - keyAt);
    const spot = { offset, back, below: 0, written: numberAsWritten(node) };
    const index = this.spots.push(spot) - 1;
    if (this.spots.length > this.#limits.nodes || this.#open.size > this.#limits.depth)
      return this.#stop(offset);
    this.#checkTag(node.tag, offset);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    this.#open.add(node);
    const data = isScalar(node) ? this.#scalar(node, offset) : this.#collection(node, index, aliasAt);
    this.#open.delete(node);
    spot.below = this.spots.length - index - 1;
    return data;
  }

  #collection(node: ParsedNode, index: number, aliasAt: number | null): Json {
    if (isSeq(node))
      return node.items.map((item) => (this.#tooMuch ? null : this.value(item as ParsedNode, null, aliasAt)));
    if (!isMap(node)) return null;
    const offset = aliasAt ?? node.range?.[0] ?? 0;
    if (node.items.length > this.#limits.keysOfMap) {
      this.#problems.add(offset, tooManyKeys(node.items.length, this.#limits.keysOfMap));
      return null;
    }
    return this.#map(node.items as Pair<ParsedNode, ParsedNode | null>[], index, aliasAt);
  }

  #map(items: readonly Pair<ParsedNode, ParsedNode | null>[], index: number, aliasAt: number | null): Json {
    const data: Record<string, Json> = {};
    const seen = new Map<string, number>();
    const members: Member[] = [];
    for (const { key, value } of items) {
      if (this.#tooMuch) break;
      const keyAt = aliasAt ?? key.range[0];
      const name = this.#key(key, keyAt, seen);
      const first = this.spots.length;
      const plain = value === null ? this.#absent(keyAt) : this.value(value, keyAt, aliasAt);
      if (name === null) continue;
      data[name] = plain;
      members.push({ key: name, first, end: this.spots.length });
    }
    // JavaScript walks keys like `80` first, whatever the order of the text.
    if (members.some(({ key }) => /^[0-9]/.test(key)) && !this.#problems.any)
      this.#reorder(data, members, index);
    return data;
  }

  #reorder(data: object, members: readonly Member[], index: number): void {
    const byKey = new Map(members.map(({ key, first, end }) => [key, this.spots.slice(first, end)]));
    const ordered = Object.keys(data).flatMap((key) => byKey.get(key) ?? []);
    this.spots.splice(index + 1, ordered.length, ...ordered);
  }

  /** `key:` at the end of brackets, without any value. */
  #absent(keyAt: number): Json {
    this.spots.push({ offset: keyAt, back: 0, below: 0, written: null });
    return null;
  }

  #key(node: ParsedNode, offset: number, seen: Map<string, number>): string | null {
    if (!isScalar(node) || typeof node.value !== 'string') return this.#refuseKey(offset, keyIsNoText);
    const key = node.value;
    this.#checkTag(node.tag, offset);
    const mistake = keyMistake(key);
    if (mistake !== null) return this.#refuseKey(offset, mistake);
    const before = seen.get(key);
    if (before !== undefined)
      return this.#refuseKey(
        offset,
        duplicate(key, this.#problems.line(before), this.#problems.line(offset)),
      );
    seen.set(key, offset);
    return key;
  }

  #refuseKey(offset: number, mistake: { code: string; message: string; fix: string }): null {
    this.#problems.add(offset, mistake);
    return null;
  }

  #scalar(node: Scalar.Parsed | Scalar, offset: number): Json {
    const { value } = node;
    if (typeof value === 'number') return this.#number(value, offset);
    if (typeof value === 'string') {
      if (value.includes('\0')) this.#problems.add(offset, nullCharacter);
      return value;
    }
    return typeof value === 'boolean' ? value : null;
  }

  #number(value: number, offset: number): Json {
    if (!Number.isFinite(value)) this.#problems.add(offset, notFinite);
    else if (Math.abs(value) > Number.MAX_SAFE_INTEGER) this.#problems.add(offset, inexact);
    // A zero with a sign would not survive JSON.
    return value === 0 ? 0 : value;
  }

  #alias(name: string, offset: number, keyAt: number | null): Json {
    const target = this.#anchors.get(name);
    if (target === undefined) return this.#refuseAlias(offset, unknownAlias(name, this.#anchors.keys()));
    if (this.#open.has(target)) return this.#refuseAlias(offset, aliasToItself(name));
    if (++this.#aliases > this.#limits.aliases) return this.#tooMuch ? null : this.#stop(offset);
    return this.value(target, keyAt, offset);
  }

  #refuseAlias(offset: number, mistake: { code: string; message: string; fix: string }): Json {
    this.#problems.add(offset, mistake);
    return this.#absent(offset);
  }

  /** Once is enough: what follows is not looked at any more. */
  #stop(offset: number): Json {
    if (!this.#tooMuch) this.#problems.add(offset, tooMuch);
    this.#tooMuch = true;
    return null;
  }

  #checkTag(tag: string | undefined, offset: number): void {
    if (tag !== undefined && !/^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/.test(tag)) {
      this.#problems.add(offset, unknownTag(tag));
    }
  }
}

/** Where it says more than the number itself: `1.10`, `0x1F`, `1e3`. */
function numberAsWritten(node: ParsedNode): string | null {
  if (!isScalar(node) || typeof node.value !== 'number' || node.source === undefined) return null;
  return node.source === String(node.value) ? null : node.source;
}

/** Names that every JavaScript object answers to by itself; as keys of foreign data they open doors. */
const reservedKeys: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
]);
const longestKey = 256;

function keyMistake(key: string) {
  if (key === '<<') return mergeKey;
  if (key === '')
    return { code: 'yaml.key', message: 'a key is empty', fix: 'Give it a name, or remove the line.' };
  if (reservedKeys.has(key)) return reserved(key);
  if (key.length > longestKey) return tooLongKey;
  const unseen = invisibleCharacter(key);
  return unseen === null ? null : unseenInKey(key, codePointName(unseen));
}

const keyIsNoText = {
  code: 'yaml.key',
  message: 'a key has to be a text',
  fix: 'Write the key as plain or quoted text.',
};

const mergeKey = {
  code: 'yaml.mergeKey',
  message: 'merge keys (<<) are not read: what a file means should stand in it',
  fix: 'Write the keys out, or put shared values in `defaults` or in the parameters of the component.',
};

const tooLongKey = {
  code: 'yaml.key',
  message: `a key is longer than ${longestKey} characters`,
  fix: 'Shorten it.',
};

const nullCharacter = {
  code: 'yaml.character',
  message: 'the text holds the character U+0000, which no file name, argument or environment can carry',
  fix: 'Remove it.',
};

const notFinite = {
  code: 'yaml.number',
  message: 'infinity and "not a number" are not numbers to reckon with',
  fix: 'Write a finite number, or put the text in quotes.',
};

const inexact = {
  code: 'yaml.number',
  message: 'the number is beyond 9007199254740991 (2^53 - 1) and would be rounded',
  fix: 'Put it in quotes, to keep its digits as text.',
};

const tooMuch = {
  code: 'yaml.aliases',
  message: 'aliases repeat too much',
  fix: 'Write fewer aliases; one is best used for a small value.',
};

function tooManyKeys(keys: number, limit: number) {
  return {
    code: 'yaml.keys',
    message: `a map has ${keys} keys; at most ${limit} are read`,
    fix: 'Split the file.',
  };
}

function duplicate(key: string, first: number, second: number) {
  return {
    code: 'yaml.duplicateKey',
    message: `the key ${quoted(key)} stands on line ${first} and again on line ${second}`,
    fix: 'Remove one of them.',
  };
}

function reserved(key: string) {
  return {
    code: 'yaml.reservedKey',
    message: `${quoted(key)} cannot be a key: it means something to JavaScript itself`,
    fix: 'Give the key another name.',
  };
}

function unseenInKey(key: string, name: string) {
  return {
    code: 'yaml.character',
    message: `the key ${quoted(key)} holds the character ${name}, which cannot be seen`,
    fix: 'Type the key anew.',
  };
}

function unknownAlias(name: string, anchors: Iterable<string>) {
  return {
    code: 'yaml.alias',
    message: `no anchor ${quoted(`&${name}`)} stands before this alias${didYouMean(name, anchors)}`,
    fix: 'Write the value itself, or put the text in quotes if no alias is meant.',
  };
}

function aliasToItself(name: string) {
  return {
    code: 'yaml.alias',
    message: `the alias ${quoted(`*${name}`)} stands inside the value that it repeats`,
    fix: 'Write the value itself.',
  };
}

function unknownTag(tag: string) {
  return {
    code: 'yaml.tag',
    message: `the tag ${quoted(tag)} is not known`,
    fix: 'Remove the tag: the types of values are known.',
  };
}
