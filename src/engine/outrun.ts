import type { DomainName } from '../core/base/names.js';
import type { State } from '../core/journal/fold.js';
import type { ClaimRecord } from '../core/status/claim.js';
import { claimFile } from '../core/status/claim.js';
import { intentsFolder } from '../core/status/intents.js';
import { readMemory } from '../core/status/emit.js';
import type { Oid, Source } from '../ports/repository.js';
import { findPath, readFiles } from './at-commit.js';
import { saidBy } from './own-folder.js';
import { documentsBelow, restoredAt } from './restore.js';

/**
 * Whether the memory on the status branch tells of more than the journal: nothing is known here, another controller
 * has gone on since, or the journal is an old copy of what this one knew. Then that memory is the truth.
 */
export async function isOutrun(
  source: Source,
  state: State,
  { claim, tip }: { readonly claim: ClaimRecord; readonly tip: Oid },
): Promise<boolean> {
  const { controller, claimedSince, epoch, name, written } = state.domain;
  // `since` tells us from another where we have claimed it back already and died before the journal knew.
  if (claim.controller !== controller || claim.since !== claimedSince) return claim.epoch > epoch;
  if (written !== null && (await saysTheSame(source, name, [written, tip]))) return false;
  return isPast(await documentsBelow(source, tip, name), state);
}

/** Where the journal was carried it lies beside the documents, and may not know less than they tell. */
export async function isOutrunByHeads(source: Source, state: State, tip: Oid): Promise<boolean> {
  const { name } = state.domain;
  const folder = await findPath(source, tip, `${name}/solutions`);
  const solutions = folder === null ? [] : ((await source.tree(folder)) ?? []);
  const paths = ['memory.yaml', ...solutions.map((entry) => `solutions/${entry.name}/solution.yaml`)];
  const texts = await readFiles(
    source,
    tip,
    paths.map((path) => `${name}/${path}`),
  );
  const heads = paths.flatMap((path, i) => (texts[i] == null ? [] : [[path, texts[i]] as const]));
  return isPast(new Map(heads), state);
}

function isPast(documents: ReadonlyMap<string, string>, state: State): boolean {
  // An incarnation's documents name its epoch, and say nothing that its journal did not know before.
  const told = epochOf(documents);
  const { epoch } = state.domain;
  return told > epoch || (told === epoch && restoredAt(documents) > state.at);
}

/** But for the claim, which is raised before the journal knows. */
async function saysTheSame(
  source: Source,
  domain: DomainName,
  commits: readonly [Oid, Oid],
): Promise<boolean> {
  const [one, other] = await Promise.all(
    commits.map((commit) => saidBy(source, commit, domain, [claimFile, intentsFolder])),
  );
  return one !== null && one === other;
}

function epochOf(documents: ReadonlyMap<string, string>): number {
  const memory = readMemory(documents.get('memory.yaml') ?? '') as { readonly epoch?: unknown } | null;
  return typeof memory?.epoch === 'number' ? memory.epoch : 0;
}
