import type { JsonMap } from '../../base/data.js';
import type { Digest } from '../../base/digest.js';
import type { DomainName, Revision } from '../../base/names.js';
import type { ActionCounts } from '../words/plan.js';

/** First line of the comment, by which it is found again. */
export const marker = '<!-- heliostat -->';

/** GitHub takes 65,536 characters; what a proxy or a bot adds needs room as well. */
export const commentLimit = 60_000;
/** GitHub takes 1 MiB a step. */
export const summaryLimit = 1_000_000;

/**
 * The one comment of a pull request, as writers hand it on: each reads it, changes the section of its own domain, and
 * writes all of it. What it reads of other sections is text that was made safe when it was written.
 */
export interface CommentDocument {
  readonly sections: ReadonlyMap<DomainName, Section>;
}

export interface Section {
  readonly memory: SectionMemory;
  /** In the order of being shown. */
  readonly parts: readonly Part[];
}

/** What a part belongs to; a writer replaces all parts of a block at once. */
export type Block = 'status' | 'destroys' | 'outcome' | 'drift' | 'plan' | 'lacks';
export const blocks: readonly Block[] = ['status', 'destroys', 'outcome', 'drift', 'plan', 'lacks'];

/** What goes first where there is too much: pictures, then values, then details of solutions, then what lists hold. */
export type Kind = 'kept' | 'list' | 'solution' | 'values' | 'picture';
export const kinds: readonly Kind[] = ['kept', 'list', 'solution', 'values', 'picture'];

export interface Part {
  readonly block: Block;
  readonly kind: Kind;
  /** Markdown: paragraphs, lists, folds and fences, each whole. Empty: all of it was cut. */
  readonly text: string;
  /**
   * What was cut of it: lines within it, and items at its end; where its text is empty, so many parts of this block and
   * kind.
   */
  readonly cut: { readonly lines: number; readonly items: number };
}

export type CommentPhase =
  | 'planned'
  | 'rejected'
  | 'held'
  | 'pending'
  | 'progressing'
  | 'applied'
  | 'failed'
  | 'reverted'
  | 'superseded';

/** What a later writer has to know; hidden in the comment. Times are milliseconds since 1970. */
export interface SectionMemory {
  readonly domain: DomainName;
  readonly phase: CommentPhase;
  /** The phase is that of an outcome: there is a commit in the tracked branch. */
  readonly isMerged: boolean;
  /** Last commit of the pull request that was planned; null: none was. */
  readonly head: Revision | null;
  /** The commit that it became. */
  readonly revision: Revision | null;
  /** Of the plan that was shown; null where it was rejected, or none was shown. A plan-bound apply compares it. */
  readonly planDigest: Digest | null;
  readonly counts: ActionCounts;
  /** Solutions with changes. */
  readonly solutions: number;
  /** Instances that go without a successor. */
  readonly lost: number;
  /** Errors of the plan or of the commit. */
  readonly errors: number;
  /** Lines of the plan's changes, sorted; null: too many to keep. */
  readonly changes: readonly string[] | null;
  /** Plans that were shown before this one. */
  readonly superseded: number;
  /** Of the last of them. */
  readonly supersededHead: Revision | null;
  readonly plannedAtMs: number | null;
  readonly updatedAtMs: number;
  /** Where all of it is told. */
  readonly wholeUrl: string | null;
  /** Of a later release; handed on as it is. */
  readonly other: JsonMap;
}

export const noCounts: ActionCounts = {
  create: 0,
  update: 0,
  replace: 0,
  reconfigure: 0,
  scale: 0,
  move: 0,
  retire: 0,
  retain: 0,
  repair: 0,
};

export function emptyComment(): CommentDocument {
  return { sections: new Map() };
}

export function emptyMemory(domain: DomainName, atMs: number): SectionMemory {
  return {
    domain,
    phase: 'pending',
    isMerged: false,
    head: null,
    revision: null,
    planDigest: null,
    counts: noCounts,
    solutions: 0,
    lost: 0,
    errors: 0,
    changes: [],
    superseded: 0,
    supersededHead: null,
    plannedAtMs: null,
    updatedAtMs: atMs,
    wholeUrl: null,
    other: {},
  };
}

export function part(block: Block, kind: Kind, text: string): Part {
  return { block, kind, text, cut: { lines: 0, items: 0 } };
}

/** The same document with another section. */
export function withSection(document: CommentDocument, section: Section): CommentDocument {
  return { sections: new Map(document.sections).set(section.memory.domain, section) };
}

/** The parts of some blocks replaced, the others as they were; in the order of blocks. */
export function replaced(parts: readonly Part[], replace: readonly Block[], by: readonly Part[]): Part[] {
  const all = [...parts.filter(({ block }) => !replace.includes(block)), ...by];
  return blocks.flatMap((block) => all.filter((one) => one.block === block));
}
