import type { InstanceId, ProviderName } from '../core/base/names.js';
import { splitInstanceId } from '../core/base/names.js';
import { sortedBy } from '../core/base/order.js';
import type { ClusterState, InstanceState } from '../core/rollout/state.js';
import { elementAt } from '../core/rollout/tables.js';
import type { Cancel } from '../ports/clock.js';
import { cancelSource } from '../ports/clock.js';
import type { ProbeAnswer } from '../ports/probe.js';
import type { InstanceRef, Observation, Provider, ProviderContext } from '../ports/provider.js';
import type { Core } from './core.js';
import { heardObservations } from './heard.js';
import { TooLate, within } from './deadline.js';
import { referenceTo } from './reference.js';

const chunkSize = 1_000;
const observeTimeoutMs = 30_000;
/** Beyond its own limit a probe is waited for so much longer, in milliseconds. */
const probeGraceMs = 5_000;
/** A provider that lets us wait is asked again after this, then after twice as long; in milliseconds. */
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** A poll comes in slices, so that a commit never waits for the whole of it. */
const slices = 10;

/** Keeps looking: what changed is told at once where a provider can, and everything is polled underneath. */
export class Observer {
  private readonly asked = new Set<InstanceId>();
  private readonly inFlight = new Set<InstanceId>();
  private readonly probing = new Set<InstanceId>();
  /** Providers that did not answer, and when each may be asked again. */
  private readonly silent = new Map<ProviderName, { readonly pauseMs: number; readonly until: number }>();
  private slice = 0;
  private readonly cancel = cancelSource();

  constructor(private readonly core: Core) {}

  start(): void {
    const { core } = this;
    this.nextSlice();
    for (const name of core.ports.providers.names()) {
      const provider = core.ports.providers.get(name);
      if (provider?.watch === undefined || !provider.manifest.capabilities.includes('watch')) continue;
      const notify = (instances: readonly InstanceId[]): void =>
        core.inbox.push({ kind: 'changed', instances });
      void provider.watch(`${core.world.domainId}:`, notify, this.cancel.cancel).catch((error: unknown) => {
        core.ports.log.write('warn', core.ports.redact(`provider ${name} cannot watch: ${String(error)}`));
      });
    }
  }

  stop(): void {
    this.cancel.abort();
  }

  /** To be observed in the next batch. */
  ask(id: InstanceId): void {
    this.asked.add(id);
  }

  askAll(): void {
    for (const { instance } of this.everyInstance()) this.asked.add(instance.id);
  }

  /** Sends what was asked for since the last call, by provider, in chunks. */
  flush(): void {
    if (this.asked.size === 0) return;
    const byProvider = new Map<ProviderName, InstanceRef[]>();
    for (const id of sortedBy(this.asked, (key) => key)) {
      // Asked again when the answer is there: a provider that hangs gathers no questions.
      if (this.inFlight.has(id)) continue;
      this.asked.delete(id);
      const found = locate(this.core, id);
      if (found === null) continue;
      const name = found.cluster.definition.provider;
      const provider = this.core.ports.providers.get(name);
      if (provider === null) continue;
      if (this.mustWait(name)) {
        this.asked.add(id);
        continue;
      }
      const refs = byProvider.get(name) ?? [];
      refs.push(referenceTo(found, this.core.world.domainId, provider, this.core.facts));
      byProvider.set(name, refs);
    }
    for (const [name, refs] of byProvider) {
      const provider = this.core.ports.providers.get(name);
      if (provider === null) continue;
      for (let i = 0; i < refs.length; i += chunkSize)
        void this.observe(provider, refs.slice(i, i + chunkSize));
    }
  }

  /** A tenth of all instances, ten times in a poll interval. */
  nextSlice(): void {
    const { core } = this;
    if (this.slice > 0) {
      let i = 0;
      for (const { instance } of this.everyInstance())
        if (i++ % slices === this.slice % slices) this.ask(instance.id);
    }
    this.slice++;
    core.alarms.set('poll', core.ports.clock.monoMs() + core.options.pollMs / slices);
  }

  /** Begins to probe an instance that became active; its alarm then keeps it going. */
  probeSoon(id: InstanceId, afterMs: number): void {
    this.core.alarms.setEarlier(`probe:${id}`, this.core.ports.clock.monoMs() + afterMs);
  }

  /** Begins to probe what is not probed yet. What is keeps its pace: a bad answer has the instance observed at once, and that must not have it probed at once. */
  keepProbing(id: InstanceId): void {
    if (!this.probing.has(id) && !this.core.alarms.isSet(`probe:${id}`)) this.probeSoon(id, 0);
  }

  probe(id: InstanceId): void {
    const found = locate(this.core, id);
    const check = found?.cluster.definition.health ?? null;
    if (found === null || check === null || found.instance.lifecycle !== 'active' || this.probing.has(id))
      return;
    this.probing.add(id);
    const token = this.core.sightings.token(id);
    const task = {
      probe: check.probe,
      address: found.instance.runtime?.address ?? '',
      port: found.instance.runtime?.port ?? null,
      timeoutMs: check.timeoutMs,
    };
    void this.answerOf(task).then((answer) => {
      this.probing.delete(id);
      this.core.inbox.push({ kind: 'probed', instance: id, token, answer });
    });
  }

  /** No answer in time is a bad one, whoever is to blame for it. */
  private async answerOf(task: Parameters<Core['ports']['prober']['probe']>[0]): Promise<ProbeAnswer> {
    const { clock, prober, redact } = this.core.ports;
    const source = cancelSource();
    const unsubscribe = this.cancel.cancel.onCancel(source.abort);
    try {
      return await within(clock, task.timeoutMs + probeGraceMs, source, () =>
        prober.probe(task, source.cancel),
      );
    } catch (error) {
      return { good: false, detail: redact(error instanceof Error ? error.message : String(error)) };
    } finally {
      unsubscribe();
    }
  }

  /** A provider that hangs gathers no calls. */
  private mustWait(name: ProviderName): boolean {
    const silent = this.silent.get(name);
    return silent !== undefined && this.core.ports.clock.monoMs() < silent.until;
  }

  private async observe(provider: Provider, refs: readonly InstanceRef[]): Promise<void> {
    const { core } = this;
    const tokens = refs.map((ref) => core.sightings.token(ref.id));
    let observations: readonly Observation[];
    for (const ref of refs) this.inFlight.add(ref.id);
    const source = cancelSource();
    const unsubscribe = this.cancel.cancel.onCancel(source.abort);
    try {
      const heard: unknown = await within(core.ports.clock, observeTimeoutMs, source, () =>
        provider.observe(refs, this.context(source.cancel)),
      );
      observations = heardObservations(heard, refs);
    } catch (error) {
      return this.failed(provider.manifest.name, error);
    } finally {
      unsubscribe();
      for (const ref of refs) this.inFlight.delete(ref.id);
    }
    this.silent.delete(provider.manifest.name);
    core.troubles.end(`observe:${provider.manifest.name}`);
    core.inbox.push({
      kind: 'observed',
      sightings: observations.flatMap((observation, i) =>
        tokens[i] === undefined ? [] : [{ observation, token: tokens[i] }],
      ),
    });
  }

  /** What was seen of its instances last is all that is known of them until it answers again. */
  private failed(name: ProviderName, error: unknown): void {
    const { core } = this;
    if (this.cancel.cancel.cancelled) return;
    const isLate = error instanceof TooLate;
    if (isLate) {
      const pauseMs = Math.min(longestPauseMs, (this.silent.get(name)?.pauseMs ?? firstPauseMs / 2) * 2);
      this.silent.set(name, { pauseMs, until: core.ports.clock.monoMs() + pauseMs });
    }
    const what = isLate ? error.message : error instanceof Error ? error.message : String(error);
    core.troubles.begin(`observe:${name}`, {
      type: 'unresponsive',
      code: isLate ? 'provider.silent' : 'provider.failing',
      message: `provider ${name} does not tell what runs: ${what}; nothing new is known of its instances meanwhile`,
      command: `heliostat explain ${isLate ? 'provider.silent' : 'provider.failing'}`,
    });
  }

  private context(cancel: Cancel): ProviderContext {
    const { core } = this;
    return {
      cancel,
      timeoutMs: observeTimeoutMs,
      operation: null,
      epoch: core.branch.epoch,
      revision: null,
      blobs: () => Promise.resolve([]),
      log: (message) => core.ports.log.write('info', message),
    };
  }

  private *everyInstance(): Generator<{ readonly instance: InstanceState; readonly cluster: ClusterState }> {
    for (const solution of this.core.state.tables.solutions.values()) {
      for (const element of solution.elements.values()) {
        for (const cluster of element.clusters.values()) {
          for (const instance of cluster.instances.values()) yield { instance, cluster };
        }
      }
    }
  }
}

export function locate(
  core: Pick<Core, 'state'>,
  id: InstanceId,
): { readonly cluster: ClusterState; readonly instance: InstanceState } | null {
  const parts = splitInstanceId(id);
  const cluster =
    parts === null ? undefined : elementAt(core.state.tables, parts.element)?.clusters.get(parts.cluster);
  const instance = parts === null ? undefined : cluster?.instances.get(parts.ordinal);
  return cluster === undefined || instance === undefined ? null : { cluster, instance };
}
