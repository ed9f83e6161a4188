import { utf8 } from '../../core/base/bytes.js';
import { isMap, type Json, type JsonMap } from '../../core/base/data.js';
import type { InstanceId, Revision } from '../../core/base/names.js';
import { safe } from '../../core/base/safe-text.js';
import { readText } from '../../core/model/text.js';
import type { Seen } from '../../core/rollout/facts.js';
import { unseen } from '../../core/rollout/world.js';
import type { ClaimRecord } from '../../core/status/claim.js';
import { claimPath, readClaim } from '../../core/status/claim.js';
import { readMemory } from '../../core/status/emit.js';
import { statusView } from '../../core/status/summary.js';
import type { StatusView } from '../../core/status/view.js';
import { documentsBelow } from '../../engine/restore.js';
import { readFile } from '../../engine/at-commit.js';
import type { Outline } from '../../adapters/git/index.js';
import { Failure } from '../cli/operations.js';
import type { Looking } from './looking.js';
import { factsFrom } from './observe.js';
import { readBranch, stateAt } from './state.js';
import { backFrom } from './status-commits.js';
import { controllerOf } from './controller.js';

/** What ran at a time, or when a revision had come to its end, as the status branch remembers it. */
export async function statusBack(looking: Looking, at: string): Promise<StatusView> {
  const { location, wired } = looking;
  const { source } = location.repository;
  const { tip } = await readBranch(location, wired);
  if (tip === null) throw notKnown(`nothing was written about ${location.domain} yet`);
  const commit = await commitAt(looking, tip as Revision, at);
  const claim = await claimAt(looking, commit.oid);
  const state = await stateAt(location, commit.oid, claim);
  const seen = seenThen(await documentsBelow(source, commit.oid, location.domain));
  return statusView(
    state,
    factsFrom(state, wired, (id) => seen.get(id) ?? unseen),
    { controller: controllerOf(state), observedAtMs: commit.committedMs, conditions: [] },
  );
}

/** Times of commits are whole seconds, and a clock that was set back makes them go back: the last one in time counts. */
async function commitAt(looking: Looking, tip: Revision, at: string): Promise<Outline> {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(at) ? Date.parse(at) : Number.NaN;
  if (!Number.isNaN(ms)) {
    for await (const commit of backFrom(looking, tip)) if (commit.committedMs <= ms) return commit;
    throw notKnown(`nothing was written before ${new Date(ms).toISOString()}`);
  }
  const revision = await looking.location.repository.resolve(at);
  if (revision === null)
    throw new Failure(
      'revision.unknown',
      `there is no commit ${at}`,
      'Name a commit, or a time such as 2026-05-03T10:00Z.',
    );
  return commitAbout(looking, tip, revision);
}

/** The last one that names the revision while it was the accepted one; of the status branch itself just that commit. */
async function commitAbout(looking: Looking, tip: Revision, revision: Revision): Promise<Outline> {
  let named: Outline | null = null;
  for await (const commit of backFrom(looking, tip)) {
    if (commit.oid === revision) return commit;
    if (!commit.body.includes(`Heliostat-Revision: ${revision}`)) continue;
    named ??= commit;
    if ((await acceptedAt(looking, commit)) === revision) return commit;
  }
  if (named !== null) return named;
  throw notKnown(`nothing was written about ${revision.slice(0, 7)}: it was not applied`);
}

async function acceptedAt({ location }: Looking, commit: Outline): Promise<string | null> {
  const text = await readFile(location.repository.source, commit.oid, `${location.domain}/memory.yaml`);
  const memory = text === null ? null : (readMemory(text) as { readonly accepted?: string | null } | null);
  return memory?.accepted ?? null;
}

async function claimAt({ location }: Looking, commit: string): Promise<ClaimRecord | null> {
  const text = await readFile(location.repository.source, commit, claimPath(location.domain));
  const reading = text === null ? null : readClaim(text);
  return reading?.kind === 'claim' ? reading.claim : null;
}

/** How instances were is in the part of the documents that is for people. */
function seenThen(documents: ReadonlyMap<string, string>): Map<InstanceId, Seen> {
  const seen = new Map<InstanceId, Seen>();
  for (const [path, text] of documents) {
    if (!/^solutions\/.+\/elements\//.test(path)) continue;
    const end = text.indexOf('\nmemory: ');
    const { data } = readText(utf8(end < 0 ? text : text.slice(0, end + 1)));
    for (const cluster of listIn(data, 'clusters')) {
      for (const instance of listIn(cluster, 'instances')) note(seen, instance);
    }
  }
  return seen;
}

function note(seen: Map<InstanceId, Seen>, instance: JsonMap): void {
  const { id, health, resource, state } = instance;
  if (typeof id !== 'string' || (health !== 'good' && health !== 'bad')) return;
  seen.set(id as InstanceId, {
    ...unseen,
    presence: 'present',
    state: state === 'failure' ? 'failure' : 'active',
    health,
    goodSince: health === 'good' ? 0 : null,
    resource: typeof resource === 'string' ? safe(resource) : null,
  });
}

function listIn(data: Json | null, key: string): readonly JsonMap[] {
  const list = data !== null && isMap(data) ? data[key] : null;
  return Array.isArray(list) ? (list as readonly Json[]).filter(isMap) : [];
}

function notKnown(message: string): Failure {
  return new Failure('status.notKnown', message, 'See what is remembered: heliostat history');
}
