import type { Json } from '../core/base/data.js';
import { digestOf } from '../core/base/digest.js';
import type {
  BindingKey,
  ElementKey,
  ElementName,
  InstanceId,
  OperationId,
  SolutionName,
} from '../core/base/names.js';
import { ownerKey, routeKey, splitInstanceId } from '../core/base/names.js';
import type { SafeText } from '../core/base/safe-text.js';
import { safe } from '../core/base/safe-text.js';
import { solutionOf } from '../core/journal/entry.js';
import type { JournalRecord } from '../core/journal/record.js';
import { resolveTemplate } from '../core/plan/resolve.js';
import { bindingEndpoint, listenerAddress, lookupFor, schemeOf } from '../core/rollout/endpoints.js';
import type { SolutionEntry } from '../core/rollout/entries.js';
import { findInstance } from '../core/rollout/find.js';
import { operationId } from '../core/rollout/place.js';
import type { ClusterState, InstanceState } from '../core/rollout/state.js';
import { elementAt } from '../core/rollout/tables.js';
import type { CancelSource } from '../ports/clock.js';
import { cancelSource } from '../ports/clock.js';
import type {
  Backend,
  InstanceTask,
  Outcome,
  Provider,
  ProviderContext,
  RouteTask,
} from '../ports/provider.js';
import type { Core } from './core.js';
import { heardOutcome } from './heard.js';
import { timeoutOf } from './effect.js';
import { TaskQueue } from './queue.js';

const routeTimeoutMs = 15_000;

/** Performs what entries name: one provider call each, with deadline and fence; its answer enters by the inbox. */
export class Executor {
  private readonly queue: TaskQueue;
  /** Calls under way, by operation or binding. */
  private readonly open = new Map<string, CancelSource>();
  private readonly ending = cancelSource();

  constructor(private readonly core: Core) {
    this.queue = new TaskQueue(core.options.concurrency);
  }

  execute(record: JournalRecord): void {
    const solution = solutionOf(record.stream);
    if (solution === null) return;
    const entry = record.entry as SolutionEntry;
    if (entry.kind === 'operation.begun')
      this.inTurn(entry.instance, () => this.operate(solution, entry, operationId(record)));
    else if (entry.kind === 'route.begun')
      this.inTurn(this.listenerOf(solution, entry), () => this.route(solution, entry, operationId(record)));
    else if (entry.kind === 'listener.gone')
      this.unroute(this.listenerOf(solution, entry), operationId(record));
  }

  /**
   * One after the other: what frees a listener, landing late, would take away its next table; and what takes away an
   * orphan would take away the instance that is made in its place.
   */
  private inTurn(thing: string, work: () => Promise<void>): void {
    void this.core.turns.take(
      thing,
      () => new Promise<void>((resolve) => this.queue.add(() => work().finally(resolve))),
    );
  }

  /** Has the router let go of a listener, by the router's key. */
  unroute(key: string, operation: OperationId): void {
    this.inTurn(key, () => this.letGo(key, operation));
  }

  private listenerOf(
    solution: SolutionName,
    { element, binding }: { readonly element: ElementName; readonly binding: BindingKey },
  ): string {
    return routeKey(this.core.world.domainId, `${solution}/${element}` as ElementKey, binding);
  }

  /** Cancels what is under way, whose outcomes will be unknown, and begins nothing more. */
  cancelAll(): void {
    this.ending.abort();
    for (const source of this.open.values()) source.abort();
  }

  get underWay(): number {
    return this.open.size;
  }

  /** A deadline of ours has passed: the outcome is unknown, whatever the provider may still say. */
  expire(key: string): void {
    this.open.get(key)?.abort();
  }

  private async operate(
    solution: SolutionName,
    entry: Extract<SolutionEntry, { kind: 'operation.begun' }>,
    operation: OperationId,
  ): Promise<void> {
    const answer = (outcome: Outcome): void =>
      this.core.inbox.push({ kind: 'outcome', solution, operation, instance: entry.instance, outcome });
    const parts = splitInstanceId(entry.instance);
    const element = parts === null ? null : elementAt(this.core.state.tables, parts.element);
    const found = element === null ? null : findInstance(element, entry.instance);
    if (found === null || found.instance.operation?.id !== operation) return;
    const { definition } = found.cluster;
    const provider = this.core.ports.providers.get(definition.provider);
    if (provider === null)
      return answer(
        failed('provider.unavailable', safe(`provider ${definition.provider} is not allowed here`)),
      );
    const timeoutMs = timeoutOf(definition, entry.transition);
    const task = this.taskFor(found.instance, found.cluster, timeoutMs);
    if ('message' in task) return answer(failed('secret.missing', task.message));
    if ((await this.fence()) !== 'ours') return;
    answer(
      await this.call(
        operation,
        timeoutMs,
        (source) => provider.apply(entry.transition, task, this.context(timeoutMs, operation, source)),
        entry.instance,
      ),
    );
  }

  /**
   * Immediately before each effect. As long as the claim cannot be read nothing is done, and nothing has failed: the
   * instance is not to blame for a repository that is gone for a while.
   */
  private async fence(): Promise<'ours' | 'stop'> {
    const { branch, inbox, ports } = this.core;
    while (!this.ending.cancel.cancelled) {
      try {
        if (await branch.stillOurs()) return this.ending.cancel.cancelled ? 'stop' : 'ours';
        inbox.push({ kind: 'fenced', ...branch.lost });
        return 'stop';
      } catch (error) {
        inbox.push({ kind: 'claimSeen', problem: error instanceof Error ? error.message : String(error) });
      }
      await ports.clock.sleepUntil(ports.clock.monoMs() + fencePauseMs, this.ending.cancel);
    }
    return 'stop';
  }

  /** One call with its deadline. A rejection is a bug of the provider: nobody knows what was done. */
  private async call(
    key: string,
    timeoutMs: number,
    work: (source: CancelSource) => Promise<Outcome>,
    instance: InstanceId | null = null,
  ): Promise<Outcome> {
    const source = cancelSource();
    this.open.set(key, source);
    const alarm = `timeout:${key}`;
    // Polite endings (stop: SIGTERM, then SIGKILL) take their whole time, and then a little.
    this.core.alarms.set(alarm, this.core.ports.clock.monoMs() + timeoutMs + graceMs);
    const expired = new Promise<Outcome>((resolve) =>
      source.cancel.onCancel(() =>
        resolve({ kind: 'unknown', message: safe(`no answer within ${timeoutMs / 1000} s`) }),
      ),
    );
    try {
      const working = work(source);
      const outcome = await Promise.race([working, expired]);
      if (source.cancel.cancelled) await this.untilOver(working);
      return heardOutcome(outcome, instance, this.core.ports.redact);
    } catch (error) {
      return {
        kind: 'unknown',
        message: this.core.ports.redact(error instanceof Error ? error.message : String(error)),
      };
    } finally {
      this.core.alarms.clear(alarm);
      this.open.delete(key);
    }
  }

  /**
   * What was called off may still be under way, after a process that stood still just begun even: until it is over
   * nothing else is done to the same thing. Who does not end when told to is not waited for without end.
   */
  private async untilOver(working: Promise<Outcome>): Promise<void> {
    const { clock } = this.core.ports;
    const patience = clock.sleepUntil(clock.monoMs() + graceMs, this.ending.cancel);
    await Promise.race([working.catch(() => undefined), patience]);
  }

  private taskFor(
    instance: InstanceState,
    cluster: ClusterState,
    timeoutMs: number,
  ): InstanceTask | { readonly message: SafeText } {
    const { core } = this;
    const { definition } = cluster;
    let missing: string | null = null;
    const secret = (name: string): Json | undefined => {
      const value = core.ports.secrets.value(name, `${core.domain}/${instance.element}`);
      if (value === null) missing = name;
      return value ?? undefined;
    };
    const resolved = resolveTemplate(
      definition.configuration,
      lookupFor(instance, cluster, core.facts, secret),
    );
    if (missing !== null)
      return { message: safe(`secret ${String(missing)} is not available to ${instance.element}`) };
    return {
      id: instance.id,
      owner: ownerKey(core.world.domainId, instance.id),
      home: core.options.home,
      ordinal: instance.ordinal,
      component: definition.component,
      version: definition.version,
      generation: definition.generation,
      // Tearing down needs no configuration; an endpoint that is gone must not be in the way.
      configuration: resolved.kind === 'resolved' ? resolved.value : null,
      digest: instance.operation?.digest ?? instance.configured ?? digestOf(null),
      artifacts: definition.artifacts,
      address: instance.runtime?.address ?? '',
      port: instance.runtime?.port ?? null,
      timeoutMs,
    };
  }

  private async route(
    solution: SolutionName,
    entry: Extract<SolutionEntry, { kind: 'route.begun' }>,
    operation: OperationId,
  ): Promise<void> {
    const key = `${solution}/${entry.element}` as ElementKey;
    const answer = (outcome: Outcome): void =>
      this.core.inbox.push({
        kind: 'routed',
        solution,
        element: entry.element,
        binding: entry.binding,
        outcome,
      });
    const element = elementAt(this.core.state.tables, key);
    const port = element?.listeners.get(entry.binding)?.port;
    if (element === null || port === undefined) return;
    if ((await this.fence()) !== 'ours') return;
    const task: RouteTask = {
      key: routeKey(this.core.world.domainId, key, entry.binding),
      scheme: entry.scheme ?? schemeOf(bindingEndpoint(element, entry.binding)),
      address: listenerAddress,
      port,
    };
    const backends = entry.backends.flatMap((backend): Backend[] => {
      const instance = findInstance(element, backend.instance)?.instance;
      if (instance?.runtime?.port == null) return [];
      return [
        {
          instance: backend.instance,
          address: instance.runtime.address,
          port: instance.runtime.port,
          weight: backend.weight,
        },
      ];
    });
    const router = this.routerOf(element.key);
    answer(
      await this.call(task.key, routeTimeoutMs, (source) =>
        router(task, backends, this.context(routeTimeoutMs, operation, source)),
      ),
    );
  }

  /** Its answer changes nothing in the state: a listener that is left over is let go of once more. */
  private async letGo(key: string, operation: OperationId): Promise<void> {
    const { gateway } = this.core.ports.providers;
    if ((await this.fence()) !== 'ours') return;
    const outcome = await this.call(key, routeTimeoutMs, (source) =>
      gateway.unroute
        ? gateway.unroute(key, this.context(routeTimeoutMs, operation, source))
        : Promise.resolve({ kind: 'done', observation: null }),
    );
    this.core.inbox.push({ kind: 'unrouted', key, outcome });
  }

  private routerOf(key: ElementKey): NonNullable<Provider['route']> {
    const element = elementAt(this.core.state.tables, key);
    const { providers } = this.core.ports;
    for (const cluster of element?.clusters.values() ?? []) {
      const provider = providers.get(cluster.definition.provider);
      if (provider?.manifest.capabilities.includes('route') === true && provider.route)
        return provider.route.bind(provider);
    }
    const gateway = providers.gateway;
    return (task, backends, ctx) =>
      gateway.route
        ? gateway.route(task, backends, ctx)
        : Promise.resolve(failed('gateway.unavailable', safe('there is no gateway here')));
  }

  private context(timeoutMs: number, operation: OperationId, source: CancelSource): ProviderContext {
    const { core } = this;
    return {
      cancel: source.cancel,
      timeoutMs,
      operation,
      epoch: core.branch.epoch,
      revision: core.state.domain.accepted,
      blobs: (oids) => core.ports.source.blobs(oids, artifactLimitBytes),
      log: (message) => core.ports.log.write('info', message),
    };
  }
}

const graceMs = 5_000;
/** The claim that could not be read is read again after this, in milliseconds. */
const fencePauseMs = 2_000;
const artifactLimitBytes = 64 * 1024 * 1024;

function failed(code: string, message: SafeText): Outcome {
  return { kind: 'failed', retryable: true, code, message };
}
