import { digestOf } from '../core/base/digest.js';
import type { ComponentName, Generation, InstanceId, OperationId, ProviderName } from '../core/base/names.js';
import { listenerOf, ownerKey, splitInstanceId } from '../core/base/names.js';
import { byCodeUnit } from '../core/base/order.js';
import type { Version } from '../core/base/version.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain } from '../core/journal/entry.js';
import type { Hold } from '../core/plan/types.js';
import type { Cancel } from '../ports/clock.js';
import { cancelSource } from '../ports/clock.js';
import type { InstanceTask, Observation, Outcome, Provider, ProviderContext } from '../ports/provider.js';
import type { Core } from './core.js';
import { TooLate, within } from './deadline.js';
import type { Orphan } from './inbox.js';
import { locate } from './observe.js';

export const unaccounted = 'resource.unaccounted';
const listTimeoutMs = 30_000;
const endTimeoutMs = 60_000;
/** Beyond a provider's own limit its answer is waited for so much longer. In milliseconds. */
const graceMs = 5_000;
const shownOrphans = 10;
const secondLookMs = 1_000;
/** A provider that did not answer is asked again after this. */
const retryMs = 30_000;
/** An effect that a former controller had sent may land long after this one began to look. */
export const lookIntervalMs = 60_000;
/** A list that goes on after so many pages never ends. */
const mostPages = 10_000;

/**
 * Resources that carry our key and that no memory accounts for: what a lost folder or a lost commit
 * left behind. They are listed and held, and go only when a person says so.
 */
export class Orphans {
  private found: readonly Orphan[] = [];
  private suspects: ReadonlySet<InstanceId> = new Set();
  private looking = false;
  private again = false;

  /** `orphaned`: keys of listeners that nothing accounts for either. */
  constructor(
    private readonly core: Core,
    private readonly orphaned: () => readonly string[],
  ) {}

  /** Asks every provider for all that is ours; tells the loop by the inbox. One look at a time. */
  async look(): Promise<void> {
    this.again = this.looking;
    if (this.looking) return;
    this.looking = true;
    const { core } = this;
    const orphans: Orphan[] = [];
    const unanswered = new Set<ProviderName>();
    for (const name of core.ports.providers.names()) {
      const provider = core.ports.providers.get(name);
      if (provider === null) continue;
      const found = await this.orphansOf(provider);
      if (found === null) unanswered.add(name);
      else orphans.push(...found);
    }
    this.looking = false;
    core.inbox.push({
      kind: 'orphans',
      orphans: orphans.sort((a, b) => byCodeUnit(a.id, b.id)),
      unanswered,
    });
    if (this.again) void this.look();
  }

  /** Null: it did not answer, or not to the end. */
  private async orphansOf(provider: Provider): Promise<Orphan[] | null> {
    const { core } = this;
    const { name } = provider.manifest;
    const orphans: Orphan[] = [];
    try {
      let cursor: string | null = null;
      for (let pages = 1; ; pages++) {
        if (pages > mostPages) throw new Error(`its list has no end after ${mostPages} pages`);
        const source = cancelSource();
        const page: Awaited<ReturnType<Provider['list']>> = await within(
          core.ports.clock,
          listTimeoutMs,
          source,
          () =>
            provider.list(
              `${core.world.domainId}:`,
              cursor,
              this.context(listTimeoutMs, source.cancel, null),
            ),
        );
        for (const resource of page.resources) {
          if (this.isOrphan(resource))
            orphans.push({ id: resource.id, provider: name, resource: resource.resource });
        }
        cursor = page.cursor;
        if (cursor === null) break;
      }
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      const code = error instanceof TooLate ? 'provider.silent' : 'provider.failing';
      core.troubles.begin(`list:${name}`, {
        type: 'unresponsive',
        code,
        message: `provider ${name} does not list what is ours: ${what}; what nothing accounts for is not known meanwhile`,
        command: `heliostat explain ${code}`,
      });
      return null;
    }
    core.troubles.end(`list:${name}`);
    return orphans;
  }

  private isOrphan(resource: Observation): boolean {
    const parts = splitInstanceId(resource.id);
    if (parts === null || parts.domain !== this.core.domain || resource.foreignHome !== null) return false;
    if (this.core.state.tables.solutions.get(parts.solution)?.detached === true) return false;
    return locate(this.core, resource.id) === null;
  }

  /** Held, listed, or no longer there. Of a provider that did not answer, what was found last stands. */
  noted(orphans: readonly Orphan[], unanswered: ReadonlySet<ProviderName>): Item[] {
    const { core } = this;
    // Seen twice: what was just being taken down is gone by the second look.
    const confirmed = orphans.filter(
      (orphan) => this.suspects.has(orphan.id) && locate(core, orphan.id) === null,
    );
    const now = core.ports.clock.monoMs();
    if (confirmed.length < orphans.length) core.alarms.set('orphans', now + secondLookMs);
    else core.alarms.set('orphans', now + (unanswered.size > 0 ? retryMs : lookIntervalMs));
    const stands = this.found.filter(
      ({ id, provider }) => unanswered.has(provider) && locate(core, id) === null,
    );
    this.suspects = new Set([...orphans, ...stands].map((orphan) => orphan.id));
    this.found = [...confirmed, ...stands].sort((a, b) => byCodeUnit(a.id, b.id));
    // What a former incarnation has held is not over because nobody answers this one.
    const isNone = this.found.length === 0 && this.orphaned().length === 0;
    if (isNone && unanswered.size > 0) return [];
    const known = this.core.state.domain.holds.get(unaccounted);
    if (isNone) {
      if (known === undefined) return [];
      return [
        inDomain({
          kind: 'hold.ended',
          id: unaccounted,
          released: false,
          who: this.core.ports.redact('heliostat'),
          reason: this.core.ports.redact('nothing is unaccounted for any more'),
        }),
      ];
    }
    const hold = this.holdFor();
    return known?.hold.reason === hold.reason ? [] : [inDomain({ kind: 'hold.began', hold, revision: null })];
  }

  private holdFor(): Hold {
    const all = [
      ...this.found.map(({ id, resource }) => `${id}${resource === null ? '' : ` (${resource})`}`),
      ...this.orphaned().map((key) => `${listenerOf(key)} (listener)`),
    ];
    const more = all.length > shownOrphans ? ` and ${all.length - shownOrphans} more` : '';
    return {
      id: unaccounted,
      code: unaccounted,
      reason: `${all.length} resource${all.length === 1 ? '' : 's'} with our key that no memory accounts for: ${all.slice(0, shownOrphans).join(', ')}${more}`,
      releasedBy: 'an operator, who lets them be destroyed',
      command: `heliostat approve ${unaccounted} --domain ${this.core.domain} --reason TEXT`,
    };
  }

  /** A person allowed it: each intent is recorded, then performed. */
  release(): Item[] {
    return [
      ...this.found.map(({ id, provider }) => inDomain({ kind: 'orphan.begun', instance: id, provider })),
      ...this.orphaned().map((key) => inDomain({ kind: 'orphan.unrouted', key })),
    ];
  }

  /** Ends one of them, whatever state it is in, before anything is made in its place. */
  async end(id: InstanceId, name: ProviderName, operation: OperationId): Promise<void> {
    const { core } = this;
    const provider = core.ports.providers.get(name);
    if (provider !== null) await core.turns.take(id, () => this.takeAway(id, provider, operation));
  }

  private async takeAway(id: InstanceId, provider: Provider, operation: OperationId): Promise<void> {
    const { core } = this;
    let outcome: Outcome | null = null;
    try {
      for (const transition of ['reset', 'destroy'] as const) {
        if (outcome !== null && outcome.kind !== 'done') break;
        if (!(await core.branch.stillOurs())) return core.inbox.push({ kind: 'fenced', ...core.branch.lost });
        // The model asks for it again: what becomes of it is the rollout's matter.
        if (locate(core, id) !== null) break;
        outcome = await this.apply(provider, transition, this.taskFor(id), operation);
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      outcome = { kind: 'unknown', message: core.ports.redact(why) };
    }
    if (outcome !== null) core.inbox.push({ kind: 'orphanEnded', instance: id, outcome });
  }

  private apply(
    provider: Provider,
    transition: 'reset' | 'destroy',
    task: InstanceTask,
    operation: OperationId,
  ): Promise<Outcome> {
    const source = cancelSource();
    return within(this.core.ports.clock, endTimeoutMs + graceMs, source, () =>
      provider.apply(transition, task, this.context(endTimeoutMs, source.cancel, operation)),
    );
  }

  private taskFor(id: InstanceId): InstanceTask {
    const parts = splitInstanceId(id);
    const [version, generation] = (parts?.cluster ?? '~').split('~');
    return {
      id,
      owner: ownerKey(this.core.world.domainId, id),
      home: this.core.options.home,
      ordinal: parts?.ordinal ?? 0,
      component: (parts?.element.split('/')[1] ?? '') as ComponentName,
      version: version as Version,
      generation: generation as Generation,
      configuration: null,
      digest: digestOf(null),
      artifacts: [],
      address: '',
      port: null,
      timeoutMs: endTimeoutMs / 2,
    };
  }

  private context(timeoutMs: number, cancel: Cancel, operation: OperationId | null): ProviderContext {
    const { core } = this;
    return {
      cancel,
      timeoutMs,
      operation,
      epoch: core.branch.epoch,
      revision: null,
      blobs: () => Promise.resolve([]),
      log: (message) => core.ports.log.write('info', message),
    };
  }
}
