import type { Mistake } from './problems.js';
import { codePointName, invisibleCharacter, quoted } from './quote.js';
import { didYouMean } from './suggest.js';

/** Names that every JavaScript object answers to by itself; as keys of foreign data they open doors. */
const reservedKeys: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
]);
const longestKey = 256;

/** What forbids a key, or null. */
export function keyMistake(key: string): Mistake | null {
  if (key === '<<') return mergeKey;
  if (key === '')
    return { code: 'yaml.key', message: 'a key is empty', fix: 'Give it a name, or remove the line.' };
  if (reservedKeys.has(key)) return reserved(key);
  if (key.length > longestKey) return tooLongKey;
  const unseen = invisibleCharacter(key);
  return unseen === null ? null : unseenInKey(key, codePointName(unseen));
}

export const keyIsNoText = {
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

export const nullCharacter = {
  code: 'yaml.character',
  message: 'the text holds the character U+0000, which no file name, argument or environment can carry',
  fix: 'Remove it.',
};

export const notFinite = {
  code: 'yaml.number',
  message: 'infinity and "not a number" are not numbers to reckon with',
  fix: 'Write a finite number, or put the text in quotes.',
};

export const inexact = {
  code: 'yaml.number',
  message: 'the number is beyond 9007199254740991 (2^53 - 1) and would be rounded',
  fix: 'Put it in quotes, to keep its digits as text.',
};

export const tooMuch = {
  code: 'yaml.aliases',
  message: 'aliases repeat too much',
  fix: 'Write fewer aliases; one is best used for a small value.',
};

export function tooManyKeys(keys: number, limit: number) {
  return {
    code: 'yaml.keys',
    message: `a map has ${keys} keys; at most ${limit} are read`,
    fix: 'Split the file.',
  };
}

export function duplicate(key: string, first: number, second: number) {
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

export function unknownAlias(name: string, anchors: Iterable<string>) {
  return {
    code: 'yaml.alias',
    message: `no anchor ${quoted(`&${name}`)} stands before this alias${didYouMean(name, anchors)}`,
    fix: 'Write the value itself, or put the text in quotes if no alias is meant.',
  };
}

export function aliasToItself(name: string) {
  return {
    code: 'yaml.alias',
    message: `the alias ${quoted(`*${name}`)} stands inside the value that it repeats`,
    fix: 'Write the value itself.',
  };
}

export function unknownTag(tag: string) {
  return {
    code: 'yaml.tag',
    message: `the tag ${quoted(tag)} is not known`,
    fix: 'Remove the tag: the types of values are known.',
  };
}
