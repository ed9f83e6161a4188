import { fromUtf8 } from '../core/base/bytes.js';
import type { ElementName, Revision, SolutionName } from '../core/base/names.js';
import { byCodeUnit } from '../core/base/order.js';
import { safe } from '../core/base/safe-text.js';
import type { ReleaseRecord } from '../core/base/release.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain, inSolution } from '../core/journal/entry.js';
import type { EncodedDomain } from '../core/rollout/domain.js';
import { decodeSolution, encodeSolution } from '../core/rollout/encode.js';
import type { EncodedSolution } from '../core/rollout/entries.js';
import { emptySolution } from '../core/rollout/evolve.js';
import type { RolloutLog } from '../core/rollout/log.js';
import type { SolutionState } from '../core/rollout/state.js';
import { rolloutFile } from '../core/status/documents.js';
import { readMemory } from '../core/status/emit.js';
import { intentsFolder } from '../core/status/intents.js';
import type { Oid, Source } from '../ports/repository.js';
import { readFiles } from './at-commit.js';
import type { Engine } from './engine.js';

const documentLimitBytes = 64 * 1024 * 1024;

/**
 * A lost state folder is an expected event: the memory on the status branch is read, everything is
 * unknown until it was observed, and what runs is adopted by its identity. True if there was a memory.
 */
export async function restore(
  engine: Engine,
  documents: ReadonlyMap<string, string>,
  written: Oid,
): Promise<boolean> {
  const items = restoredItems(documents, written);
  if (items.length === 0) return false;
  // What the journal of a former controller knew and nobody remembers has gone meanwhile.
  const remembered = new Set(items.map((item) => item.solution));
  for (const name of engine.core.state.tables.solutions.keys()) {
    if (!remembered.has(name))
      items.push(inSolution(name, { kind: 'solution.restored', state: encodeSolution(emptySolution(name)) }));
  }
  return engine.claim([...items, ...toldAnew(items)]);
}

/** The router may have been told otherwise since the memory was written, or be another one. */
function toldAnew(items: readonly Item[]): Item[] {
  const failure = safe('what the router was told last is not remembered');
  return items.flatMap(({ solution, entry }) => {
    if (solution === null || entry.kind !== 'solution.restored') return [];
    return [...decodeSolution(entry.state).elements.values()].flatMap(({ name, listeners }) =>
      [...listeners.values()]
        .filter(({ backends, pending }) => backends !== null && pending === null)
        .map(({ binding }) => inSolution(solution, { kind: 'route.ended', element: name, binding, failure })),
    );
  });
}

/** Engine time goes on from where it was: what is remembered refers to it. */
export function restoredAt(documents: ReadonlyMap<string, string>): number {
  let latest = 0;
  for (const [path, content] of documents) {
    if (path !== 'memory.yaml' && !path.endsWith('/solution.yaml')) continue;
    const at = (readMemory(content) as { readonly at?: unknown } | null)?.at;
    if (typeof at === 'number') latest = Math.max(latest, at);
  }
  return latest;
}

/** Documents that should remember something and do not, sorted: somebody broke them, or Git lost a part. */
export function brokenDocuments(documents: ReadonlyMap<string, string>): string[] {
  const paths = [...documents.keys()].filter(remembers);
  const broken = paths.filter((path) => !isMemory(path, readMemory(documents.get(path) ?? '')));
  // Without these the rest would pass for a new domain, or a new solution.
  const heads = paths.flatMap((path) => {
    const folder = /^solutions\/[^/]+\//.exec(path)?.[0];
    return folder === undefined ? ['memory.yaml'] : ['memory.yaml', `${folder}solution.yaml`];
  });
  const missing = heads.filter((path) => !documents.has(path));
  const folders = [...documents.keys()].filter((path) => path.endsWith('/'));
  return [...new Set([...broken, ...missing, ...folders])].sort(byCodeUnit);
}

/** What to say of them. */
export function aboutBroken(
  domain: string,
  paths: readonly string[],
): { readonly code: string; readonly message: string; readonly fix: string } {
  const first = `${domain}/${paths[0]}`;
  const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  return {
    code: 'status.broken',
    message: `${first}${more} on the status branch cannot be read, and nothing else remembers what it said`,
    fix: `Restore it from an older commit, as docs/recovery.md shows: git log heliostat/status -- ${first}`,
  };
}

function remembers(path: string): boolean {
  return path === 'memory.yaml' || /^(?:releases|solutions)\/.+\.yaml$/.test(path);
}

/** Enough to tell what was remembered from what merely parses. */
function isMemory(path: string, memory: unknown): boolean {
  if (path.startsWith('releases/')) return Array.isArray(memory);
  if (!isRecord(memory)) return false;
  if (path === 'memory.yaml') return hasLists(memory, ['revisions', 'holds', 'released', 'stale']);
  if (typeof memory['name'] !== 'string') return false;
  if (!path.includes('/elements/')) return 'rollout' in memory;
  const clusters = memory['clusters'];
  return (
    hasLists(memory, ['listeners', 'clusters']) &&
    (clusters as readonly unknown[]).every((cluster) => isRecord(cluster) && hasLists(cluster, ['instances']))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasLists(of: Readonly<Record<string, unknown>>, keys: readonly string[]): boolean {
  return keys.every((key) => Array.isArray(of[key]));
}

function withoutTime<T extends object>(memory: T): Omit<T, 'at'> {
  const { at: _at, ...rest } = memory as T & { readonly at?: unknown };
  return rest as Omit<T, 'at'>;
}

/** What the documents of a commit remember, as entries of the first batch. */
export function restoredItems(documents: ReadonlyMap<string, string>, written: Oid | null = null): Item[] {
  const memory = readMemory(documents.get('memory.yaml') ?? '') as Omit<EncodedDomain, 'ledger'> | null;
  if (memory === null) return [];
  const ledger: ReleaseRecord[] = [];
  const heads = new Map<SolutionName, Omit<SolutionState, 'elements'>>();
  const elements = new Map<SolutionName, { name: ElementName }[]>();
  for (const [path, content] of documents) {
    const parts = path.split('/');
    if (parts[0] === 'releases') ledger.push(...((readMemory(content) as ReleaseRecord[] | null) ?? []));
    if (parts[0] !== 'solutions') continue;
    const name = parts[1] as SolutionName;
    if (parts[2] === 'solution.yaml') heads.set(name, readMemory(content) as Omit<SolutionState, 'elements'>);
    else if (parts[2] === 'elements')
      elements.set(name, [...(elements.get(name) ?? []), readMemory(content) as { name: ElementName }]);
  }
  const items: Item[] = [
    inDomain({
      kind: 'domain.restored',
      state: { ...withoutTime(memory), ledger, written } as Omit<EncodedDomain, 'epoch'>,
    }),
  ];
  for (const [name, head] of [...heads].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const state = { ...withoutTime(head), elements: elements.get(name) ?? [] } as EncodedSolution;
    const log = openLog(documents, state);
    items.push(inSolution(name, { kind: 'solution.restored', state, ...(log === null ? {} : { log }) }));
  }
  return items;
}

/** What the rollout that is under way has done, as its document remembers. */
function openLog(documents: ReadonlyMap<string, string>, head: EncodedSolution): RolloutLog | null {
  const file = fileOfRollout(head);
  const log = file === null ? null : readMemory(documents.get(file) ?? '');
  return isRecord(log) &&
    log['id'] === head.rollout?.id &&
    log['endedWallMs'] === null &&
    hasLists(log, ['steps', 'changes'])
    ? (log as unknown as RolloutLog)
    : null;
}

/** Of the latest rollout of a solution, which may be under way; whoever broke the document broke no more than it. */
function fileOfRollout(head: Pick<SolutionState, 'rollout'>): string | null {
  const { rollout } = head;
  if (!isRecord(rollout) || rollout.phase === 'succeeded' || typeof rollout.id !== 'string') return null;
  return Number.isSafeInteger(rollout.startedWallMs) ? rolloutFile(rollout) : null;
}

/** Folders of a domain that say nothing that its other documents do not. */
const passedOver: readonly string[] = ['rollouts', 'revisions', intentsFolder];

/** All documents of one domain, by path below its folder; a folder that cannot be read by its own, with a slash. */
export async function documentsBelow(
  source: Source,
  commit: Oid,
  domain: string,
): Promise<Map<string, string>> {
  const documents = new Map<string, string>();
  const top = (await source.commit(commit as Revision))?.tree;
  const domains = top === undefined ? null : await source.tree(top);
  // What cannot be read must not pass for what is not there.
  if (domains === null) return documents.set('./', '');
  const root = domains.find(({ name }) => name === domain)?.oid;
  if (root === undefined) return documents;
  const found: { path: string; oid: Oid }[] = [];
  const walk = async (tree: Oid, prefix: string): Promise<void> => {
    const entries = await source.tree(tree);
    if (entries === null) documents.set(prefix === '' ? './' : prefix, '');
    for (const entry of entries ?? []) {
      if (entry.kind === 'tree') {
        // History is read where it is asked for, not at a start.
        if (prefix !== '' || !passedOver.includes(entry.name))
          await walk(entry.oid, `${prefix}${entry.name}/`);
      } else if (entry.kind === 'blob') found.push({ path: prefix + entry.name, oid: entry.oid });
    }
  };
  await walk(root, '');
  const blobs = await source.blobs(
    found.map(({ oid }) => oid),
    documentLimitBytes,
  );
  for (const [i, { path }] of found.entries()) {
    const text = blobs[i] ? fromUtf8(blobs[i]) : null;
    // What cannot be read is there all the same, and says nothing.
    documents.set(path, text ?? '');
  }
  const rollouts = rolloutsIn(documents);
  const texts = await readFiles(
    source,
    commit,
    rollouts.map((path) => `${domain}/${path}`),
  );
  for (const [i, path] of rollouts.entries()) if (texts[i]) documents.set(path, texts[i]);
  return documents;
}

/** Documents of the latest rollout of each solution: it may be under way. */
function rolloutsIn(documents: ReadonlyMap<string, string>): string[] {
  return [...documents].flatMap(([path, content]) => {
    if (!path.startsWith('solutions/') || !path.endsWith('/solution.yaml')) return [];
    const head = readMemory(content);
    const file = isRecord(head) ? fileOfRollout(head as unknown as SolutionState) : null;
    return file === null ? [] : [file];
  });
}
