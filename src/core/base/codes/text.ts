import type { CodeTable } from './describe.js';

/** The text of a file: YAML, and what we do not take of it. */
export const textCodes = {
  'yaml.size': {
    title: 'File too large',
    meaning:
      'A model file holds at most 1 MiB. A larger one is refused before it is read, whatever stands in it.',
    fix: 'Split the file, or keep large data among the artifacts of a component.',
    example: null,
  },
  'yaml.encoding': {
    title: 'Not UTF-8',
    meaning: 'Model files are UTF-8. The line and column name the first byte that is not.',
    fix: 'Save the file as UTF-8.',
    example: null,
  },
  'yaml.character': {
    title: 'Character that cannot be seen',
    meaning:
      'Control characters, marks that turn the direction of text, and characters without width make a file say something else than it shows, to whoever reviews it.',
    fix: 'Remove the character. Inside a text it can be written as an escape in double quotes.',
    example: 'name: "a\\u202Eb"   # in double quotes, and only inside a value',
  },
  'yaml.depth': {
    title: 'Nested too deeply',
    meaning:
      'Maps and lists may be 64 deep. More is refused before the parser sees it, since it could end the process.',
    fix: 'Nest less deeply; perhaps a bracket is not closed.',
    example: 'list: [[[[[[[[[[ … ',
  },
  'yaml.nodes': {
    title: 'Too many keys and values',
    meaning: 'A file holds at most 50,000 keys and values, and 250,000 signs and spaces between them.',
    fix: 'Split the file, or keep large data among the artifacts of a component.',
    example: null,
  },
  'yaml.keys': {
    title: 'Too many keys in one map',
    meaning: 'One map holds at most 10,000 keys.',
    fix: 'Split the file.',
    example: null,
  },
  'yaml.key': {
    title: 'Key that is no name',
    meaning: 'A key is a text of 1 to 256 characters; maps, lists and aliases cannot be keys.',
    fix: 'Write the key as plain or quoted text.',
    example: '? [a, b]\n: value',
  },
  'yaml.reservedKey': {
    title: 'Reserved key',
    meaning:
      'Names such as __proto__ and constructor mean something to JavaScript itself; as keys of foreign data they open doors.',
    fix: 'Give the key another name.',
    example: '__proto__: { admin: true }',
  },
  'yaml.duplicateKey': {
    title: 'Key written twice',
    meaning: 'One map has the same key twice; which of the values is meant cannot be known.',
    fix: 'Remove one of the two lines.',
    example: 'size: 1\nsize: 2',
  },
  'yaml.mergeKey': {
    title: 'Merge key',
    meaning:
      'The key << merges another map into this one. It is no part of YAML 1.2, and hides what a file means.',
    fix: 'Write the keys out, or put shared values in `defaults` or in the parameters of the component.',
    example: 'api:\n  <<: *common',
  },
  'yaml.alias': {
    title: 'Alias without a value',
    meaning:
      'An alias repeats a value that was named before it. This one names none, or stands inside its own value.',
    fix: 'Write the value itself, or put the text in quotes if no alias is meant.',
    example: 'pattern: *.txt        # write "*.txt"',
  },
  'yaml.aliases': {
    title: 'Aliases repeat too much',
    meaning:
      'Aliases of aliases make a short file stand for an endless one. A file may use 100, within its limits of size and depth.',
    fix: 'Write fewer aliases; one is best used for a small value.',
    example: null,
  },
  'yaml.tag': {
    title: 'Unknown tag',
    meaning:
      'A tag such as !!js/function asks for a value of a special type. Only the types of JSON are read.',
    fix: 'Remove the tag: the types of values are known.',
    example: 'hook: !!js/function "…"',
  },
  'yaml.directive': {
    title: 'Directive',
    meaning:
      'A line that begins with % changes how the whole file is read, for example as YAML 1.1, where `no` is false.',
    fix: 'Delete the line; files are read as YAML 1.2.',
    example: '%YAML 1.1',
  },
  'yaml.multiple': {
    title: 'Second document in a file',
    meaning: 'A file holds one document, so that its path says what it is.',
    fix: 'Move what follows the line --- to a file of its own.',
    example: 'kind: Solution\n---\nkind: Solution',
  },
  'yaml.number': {
    title: 'Number that would be rounded',
    meaning: 'Numbers beyond 9007199254740991, infinity and "not a number" cannot be kept exactly.',
    fix: 'Put it in quotes, to keep its digits as text.',
    example: 'account: 9007199254740993',
  },
  'yaml.syntax': {
    title: 'Not valid YAML',
    meaning: 'The text cannot be read at this place; often the cause is a line or two above.',
    fix: 'Look at indentation, quotes, brackets, and the space after each colon.',
    example: 'name: "shop',
  },
  'yaml.fatal': {
    title: 'File that broke its reader',
    meaning:
      'Files are read in a process of their own. This one ended it, or took longer than it may; everything else goes on.',
    fix: 'Simplify the file; please report it, since it should be refused sooner.',
    example: null,
  },
  'model.more': {
    title: 'More mistakes in the model',
    meaning: 'Of one revision the first 2,000 mistakes are shown, errors before warnings.',
    fix: 'Mend those that are shown, then validate again.',
    example: null,
  },
  'file.more': {
    title: 'More mistakes than are shown',
    meaning: 'At most 20 mistakes are shown for a file.',
    fix: 'Mend those that are shown, then validate again.',
    example: null,
  },
} as const satisfies CodeTable;
