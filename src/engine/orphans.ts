import { digestOf } from '../core/base/digest.js';
import type { ComponentName, Generation, InstanceId, ProviderName } from '../core/base/names.js';
import { ownerKey, splitInstanceId } from '../core/base/names.js';
import { byCodeUnit } from '../core/base/order.js';
import type { Version } from '../core/base/version.js';
import type { Item } from '../core/journal/entry.js';
import { inDomain } from '../core/journal/entry.js';
import type { Hold } from '../core/plan/types.js';
import { cancelSource } from '../ports/clock.js';
import type { InstanceTask, Observation, Outcome, Provider, ProviderContext } from '../ports/provider.js';
import type { Core } from './core.js';
import type { Orphan } from './inbox.js';
import { locate } from './observe.js';

export const unaccounted = 'resource.unaccounted';
const listTimeoutMs = 30_000;
const endTimeoutMs = 60_000;
const shownOrphans = 10;
const secondLookMs = 1_000;

/**
 * Resources that carry our key and that no memory accounts for: what a lost folder or a lost commit
 * left behind. They are listed and held, and go only when a person says so.
 */
export class Orphans {
  private found: readonly Orphan[] = [];
  private suspects: ReadonlySet<InstanceId> = new Set();

  constructor(private readonly core: Core) {}

  /** Asks every provider for all that is ours; tells the loop by the inbox. */
  async look(): Promise<void> {
    const { core } = this;
    const orphans: Orphan[] = [];
    for (const name of core.ports.providers.names()) {
      const provider = core.ports.providers.get(name);
      if (provider !== null) orphans.push(...(await this.orphansOf(provider)));
    }
    core.inbox.push({ kind: 'orphans', orphans: orphans.sort((a, b) => byCodeUnit(a.id, b.id)) });
  }

  private async orphansOf(provider: Provider): Promise<Orphan[]> {
    const { core } = this;
    const orphans: Orphan[] = [];
    try {
      let cursor: string | null = null;
      do {
        const page = await provider.list(`${core.world.domainId}:`, cursor, this.context(listTimeoutMs));
        for (const resource of page.resources) {
          if (this.isOrphan(resource))
            orphans.push({ id: resource.id, provider: provider.manifest.name, resource: resource.resource });
        }
        cursor = page.cursor;
      } while (cursor !== null);
    } catch (error) {
      core.ports.log.write(
        'warn',
        core.ports.redact(`provider ${provider.manifest.name} could not list what is ours: ${String(error)}`),
      );
    }
    return orphans;
  }

  private isOrphan(resource: Observation): boolean {
    const parts = splitInstanceId(resource.id);
    if (parts === null || parts.domain !== this.core.domain || resource.foreignHome !== null) return false;
    if (this.core.state.tables.solutions.get(parts.solution)?.detached === true) return false;
    return locate(this.core, resource.id) === null;
  }

  /** Held, listed, or no longer there. */
  noted(orphans: readonly Orphan[]): Item[] {
    // Seen twice: what was just being taken down is gone by the second look.
    const confirmed = orphans.filter(
      (orphan) => this.suspects.has(orphan.id) && locate(this.core, orphan.id) === null,
    );
    if (confirmed.length < orphans.length)
      this.core.alarms.set('orphans', this.core.ports.clock.monoMs() + secondLookMs);
    this.suspects = new Set(orphans.map((orphan) => orphan.id));
    this.found = confirmed;
    const known = this.core.state.domain.holds.get(unaccounted);
    if (this.found.length === 0) {
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
    const names = this.found
      .slice(0, shownOrphans)
      .map(({ id, resource }) => `${id}${resource === null ? '' : ` (${resource})`}`);
    const more = this.found.length > shownOrphans ? ` and ${this.found.length - shownOrphans} more` : '';
    return {
      id: unaccounted,
      code: unaccounted,
      reason: `${this.found.length} resource${this.found.length === 1 ? '' : 's'} with our key that no memory accounts for: ${names.join(', ')}${more}`,
      releasedBy: 'an operator, who lets them be destroyed',
      command: `heliostat approve ${unaccounted} --domain ${this.core.domain} --reason TEXT`,
    };
  }

  /** A person allowed it: each intent is recorded, then performed. */
  release(): Item[] {
    return this.found.map(({ id, provider }) => inDomain({ kind: 'orphan.begun', instance: id, provider }));
  }

  /** Ends one of them, whatever state it is in. */
  async end(id: InstanceId, name: ProviderName): Promise<void> {
    const { core } = this;
    const provider = core.ports.providers.get(name);
    if (provider === null || locate(core, id) !== null) return;
    let outcome: Outcome;
    try {
      if (!(await core.branch.stillOurs()))
        return core.inbox.push({ kind: 'fenced', reason: core.branch.lostBecause });
      outcome = await this.takeAway(provider, this.taskFor(id));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      outcome = { kind: 'unknown', message: core.ports.redact(why) };
    }
    core.inbox.push({ kind: 'orphanEnded', instance: id, outcome });
  }

  private async takeAway(provider: Provider, task: InstanceTask): Promise<Outcome> {
    const reset = await provider.apply('reset', task, this.context(endTimeoutMs));
    return reset.kind === 'done' ? provider.apply('destroy', task, this.context(endTimeoutMs)) : reset;
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

  private context(timeoutMs: number): ProviderContext {
    const { core } = this;
    return {
      cancel: cancelSource().cancel,
      timeoutMs,
      operation: null,
      epoch: core.branch.epoch,
      revision: null,
      blobs: () => Promise.resolve([]),
      log: (message) => core.ports.log.write('info', message),
    };
  }
}
