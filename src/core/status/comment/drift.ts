import { count } from '../../base/words.js';
import { emptyMemory, part, replaced, withSection, type CommentDocument, type Part } from './document.js';
import { code } from './escape.js';
import { clockText } from './moments.js';
import { bullets, commands, paragraphs, sentence } from './pieces.js';
import type { DriftedElement, DriftReport } from './types.js';

/** What drifted is told beside plan and outcome: no commit of this pull request has made it so. */
export function withDrift(
  document: CommentDocument,
  { domain, atMs, elements }: DriftReport,
): CommentDocument {
  const section = document.sections.get(domain) ?? { memory: emptyMemory(domain, atMs), parts: [] };
  const parts = replaced(section.parts, ['drift'], driftParts(elements, atMs));
  return withSection(document, { memory: { ...section.memory, updatedAtMs: atMs }, parts });
}

export function driftParts(elements: readonly DriftedElement[], atMs: number): Part[] {
  if (elements.length === 0) return [];
  const text = paragraphs([
    `#### Drift: ${count(elements.length, 'element')} not as ${elements.length === 1 ? 'it' : 'they'} should be`,
    `Seen at ${clockText(atMs)}; no commit changed anything, and this pull request does not either.`,
    bullets(elements.map((one) => driftText(one, atMs))),
    commands(elements.flatMap(({ command }) => command ?? [])),
  ]);
  return [part('drift', 'list', text)];
}

function driftText({ element, reason, sinceMs, repair }: DriftedElement, atMs: number): string {
  const since = sinceMs === null ? '' : ` Since ${clockText(sinceMs, atMs)}.`;
  return `${code(element)}: ${sentence(reason)}${since} ${repairs[repair]}`;
}

const repairs: Readonly<Record<DriftedElement['repair'], string>> = {
  auto: 'It is repaired by itself.',
  report: 'It is told, and left as it is.',
  hold: 'It is left until somebody decides.',
};
