import type { DomainName } from '../../base/names.js';
import { blocks, kinds, marker, type CommentDocument, type Part, type Section } from './document.js';
import { moreMark, frameMark, partMark, sectionMark } from './layout.js';
import { decodeMemory } from './memory.js';
import { isWhole } from './whole.js';

/**
 * What a comment of ours says; null where its first line is not the marker. Of what somebody has changed by hand, the
 * sections and parts that cannot be read any more are left out.
 */
export function readComment(body: string): CommentDocument | null {
  const [first, ...lines] = body.replaceAll('\r\n', '\n').split('\n');
  if (first?.trim() !== marker) return null;
  const sections = new Map<DomainName, Section>();
  for (const { encoded, rest } of split(lines)) {
    const memory = decodeMemory(encoded);
    if (memory !== null && !sections.has(memory.domain))
      sections.set(memory.domain, { memory, parts: partsOf(rest) });
  }
  return { sections };
}

function split(lines: readonly string[]): { encoded: string; rest: string[] }[] {
  const found: { encoded: string; rest: string[] }[] = [];
  for (const line of lines) {
    const encoded = sectionMark.exec(line.trimEnd())?.[1];
    if (encoded !== undefined) found.push({ encoded, rest: [] });
    else found.at(-1)?.rest.push(line);
  }
  return found;
}

function partsOf(lines: readonly string[]): Part[] {
  const parts: Part[] = [];
  let open: { head: Part; lines: string[] } | null = null;
  const close = () => {
    const read = open === null ? null : readPart(open.head, open.lines);
    if (read !== null) parts.push(read);
  };
  for (const line of lines) {
    const head = headOf(line.trimEnd());
    if (head === undefined) {
      open?.lines.push(line);
      continue;
    }
    close();
    open = head === null ? null : { head, lines: [] };
  }
  close();
  return parts;
}

/** Undefined: the line begins nothing; null: what follows is read by nobody. */
function headOf(line: string): Part | null | undefined {
  if (line === frameMark) return null;
  const [, block, kind, lines, items] = partMark.exec(line) ?? [];
  if (block === undefined) return undefined;
  const [knownBlock, knownKind] = [blocks.find((one) => one === block), kinds.find((one) => one === kind)];
  if (knownBlock === undefined || knownKind === undefined) return null;
  return {
    block: knownBlock,
    kind: knownKind,
    text: '',
    cut: { lines: amount(lines), items: amount(items) },
  };
}

function amount(digits = ''): number {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : 0;
}

/** Null where a fold or a fence of it was left open: it would swallow what follows. */
function readPart(head: Part, lines: readonly string[]): Part | null {
  const kept = [...lines];
  while (kept.length > 0 && (kept.at(-1)?.trim() === '' || kept.at(-1)?.startsWith(moreMark))) kept.pop();
  while (kept[0]?.trim() === '') kept.shift();
  const text = kept.join('\n');
  return isWhole(text) ? { ...head, text } : null;
}
