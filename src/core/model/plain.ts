import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, type Scalar } from 'yaml';
import type { Json } from '../base/data.js';
import type { Mistake, Problems } from './problems.js';
import {
  aliasToItself,
  duplicate,
  inexact,
  keyIsNoText,
  keyMistake,
  notFinite,
  nullCharacter,
  tooManyKeys,
  tooMuch,
  unknownAlias,
  unknownTag,
} from './refusals.js';
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

  #refuseKey(offset: number, mistake: Mistake): null {
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

  #refuseAlias(offset: number, mistake: Mistake): Json {
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
