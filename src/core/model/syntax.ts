import type { YAMLParseError } from 'yaml';
import type { Mistake } from './problems.js';

type Syntax = Omit<Mistake, 'code'>;

/** What the parser found, in words that tell how to mend it. Its own message may quote the text, so it is not shown. */
export function syntaxMistake(error: YAMLParseError): Mistake {
  const known = byCode[error.code];
  if (known !== undefined) return { code: 'yaml.syntax', ...known };
  return {
    code: 'yaml.syntax',
    message: `this is not valid YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`,
    fix: 'Compare this line with those around it: indentation, quotes, brackets, colons.',
  };
}

const tooLongKey: Syntax = {
  message: 'a key is longer than 1024 characters, or its colon is missing',
  fix: 'Write "key: value" with a short key.',
};

const byCode: { readonly [code: string]: Syntax | undefined } = {
  BAD_INDENT: {
    message: 'the indentation does not fit the lines above',
    fix: 'Align it with its neighbours: two spaces for each level.',
  },
  TAB_AS_INDENT: { message: 'a tab is used as indentation', fix: 'Use spaces: two for each level.' },
  MULTILINE_IMPLICIT_KEY: {
    message: 'a key goes over several lines, or a value before it is not closed',
    fix: 'Put a colon and a space after the key, on the same line.',
  },
  KEY_OVER_1024_CHARS: tooLongKey,
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'there are two "key: value" on one line',
    fix: 'Put the inner one on a line of its own, or quote the text that holds ": ".',
  },
  BLOCK_IN_FLOW: {
    message: 'an indented list or map stands inside brackets',
    fix: 'Use one form: brackets and commas, or indentation.',
  },
  BAD_DQ_ESCAPE: {
    message: 'this escape is not known in double quotes',
    fix: 'Write \\\\ for a backslash, or use single quotes.',
  },
  BAD_SCALAR_START: {
    message: 'a text cannot begin with this character',
    fix: 'Put the text in quotes.',
  },
  MISSING_CHAR: {
    message: 'something is missing here: a closing quote or bracket, a comma, a colon, or a space',
    fix: 'Close what was opened, and put a space after each colon.',
  },
  UNEXPECTED_TOKEN: {
    message: 'this does not belong here',
    fix: 'Look for an unclosed quote or bracket above, or quote the text.',
  },
  BAD_ALIAS: {
    message: 'this anchor or alias has no usable name',
    fix: 'Write &name and *name, or quote the text.',
  },
  ALIAS_PROPS: { message: 'an alias cannot have a tag or an anchor', fix: 'Remove the tag or anchor.' },
  MULTIPLE_ANCHORS: { message: 'one value has two anchors', fix: 'Remove one of them.' },
  MULTIPLE_TAGS: { message: 'one value has two tags', fix: 'Remove them: the types of values are known.' },
  NON_STRING_KEY: { message: 'a key has to be a text', fix: 'Write the key as plain or quoted text.' },
};
