import type { DomainName } from '../../base/names.js';
import { part, replaced, withSection, type CommentDocument } from './document.js';
import { bullets, paragraphs, sentence } from './pieces.js';

/** What the credentials will not be allowed to do, and what mends it. */
export interface Lack {
  readonly message: string;
  readonly fix: string;
}

const mostShown = 5;

/**
 * What will be refused, said before it is: once in the whole comment, with one domain. With nothing that is
 * missing any more, the note goes.
 */
export function withLacks(
  document: CommentDocument,
  domain: DomainName,
  lacks: readonly Lack[],
): CommentDocument {
  const all = [...document.sections.values()];
  return all.reduce((changed, { memory, parts }) => {
    const isHere = memory.domain === domain && lacks.length > 0;
    const note = isHere ? [part('lacks', 'kept', text(lacks.slice(0, mostShown)))] : [];
    return withSection(changed, { memory, parts: replaced(parts, ['lacks'], note) });
  }, document);
}

function text(lacks: readonly Lack[]): string {
  return paragraphs([
    '🔧 **Before the first failure:** what these credentials would be refused, and what mends it.',
    bullets(lacks.map(({ message, fix }) => `${sentence(message)} ${sentence(fix)}`)),
  ]);
}
