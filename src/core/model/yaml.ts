import { Composer, Lexer, Parser, type Document, type ParsedNode, type YAMLParseError } from 'yaml';
import type { Problems } from './problems.js';
import type { TextLimits } from './scan.js';
import { syntaxMistake } from './syntax.js';

/**
 * Text to syntax tree, or null if anything is wrong. The lexer is a state machine and the parser keeps a stack of its
 * own, but the composer after them is recursive; so depth and size are counted while the text is cut into lexemes,
 * and what is too deep never gets any further.
 */
export function compose(text: string, limits: TextLimits, problems: Problems): ParsedNode | null {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    // Ours is linear and names both lines.
    uniqueKeys: false,
    stringKeys: true,
    strict: true,
    prettyErrors: false,
  });
  const documents: Document.Parsed[] = [];
  for (const token of tokens(text, limits, problems)) {
    if (token.type === 'directive') problems.add(token.offset, directive);
    documents.push(...composer.next(token));
    // The composer hands a document over when the next one begins.
    if (documents.length > 0) {
      problems.add(token.offset, secondDocument);
      return null;
    }
  }
  if (problems.any) return null;
  documents.push(...composer.end());
  const [document] = documents;
  if (document === undefined) return streamErrors(composer.streamInfo().errors, problems);
  return withErrors(document, problems);
}

function* tokens(text: string, limits: TextLimits, problems: Problems) {
  const parser = new Parser();
  let nodes = 0;
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (beginsNode(lexeme)) nodes++;
    // Each escape that is none becomes an error, which costs as much as a lexeme.
    if (lexeme.startsWith('"')) lexemes += escapesIn(lexeme);
    if (nodes > limits.nodes || ++lexemes > limits.lexemes) {
      return problems.add(parser.offset, tooMany(limits.nodes));
    }
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') lexemes += lexemesAnError;
      yield token;
    }
    // The document is on the stack too.
    if (parser.stack.length > limits.depth + 1) return problems.add(parser.offset, tooDeep(limits.depth));
  }
  yield* parser.end();
}

/** What is no YAML at all costs so much more than what is, and 20 mistakes are shown. */
const lexemesAnError = 25;

function escapesIn(lexeme: string): number {
  let count = 0;
  for (let at = lexeme.indexOf('\\'); at !== -1; at = lexeme.indexOf('\\', at + 2)) count++;
  return count;
}

/** A marker in front of each plain or block scalar, else a quote, a bracket, an alias, a list item. */
function beginsNode(lexeme: string): boolean {
  switch (lexeme[0]) {
    case '\x1f':
    case '"':
    case "'":
    case '[':
    case '{':
    case '*':
    case '-':
      return true;
    default:
      return false;
  }
}

function withErrors(document: Document.Parsed, problems: Problems): ParsedNode | null {
  if (document.errors.length > 0) return streamErrors(document.errors, problems);
  return document.contents;
}

function streamErrors(errors: readonly YAMLParseError[], problems: Problems): null {
  for (const error of errors) problems.add(Math.max(0, error.pos[0]), syntaxMistake(error));
  return null;
}

const directive = {
  code: 'yaml.directive',
  message: 'a YAML directive changes how the whole file is read',
  fix: 'Delete the line that begins with %; files are read as YAML 1.2.',
};

const secondDocument = {
  code: 'yaml.multiple',
  message: 'a second document begins here; a file holds one',
  fix: 'Move what follows to a file of its own.',
};

function tooDeep(limit: number) {
  return {
    code: 'yaml.depth',
    message: `maps and lists are nested more than ${limit} deep`,
    fix: 'Nest less deeply; perhaps a bracket is not closed.',
  };
}

function tooMany(limit: number) {
  return {
    code: 'yaml.nodes',
    message: `the file has more than ${limit} keys and values, or too many signs between them`,
    fix: 'Split the file, or keep large data among the artifacts of a component.',
  };
}
