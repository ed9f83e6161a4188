import type { Digest } from '../../../core/base/digest.js';
import type { InstanceId } from '../../../core/base/names.js';
import { safe } from '../../../core/base/safe-text.js';
import type { ProbeAnswer } from '../../../ports/probe.js';
import type { Observation, Page } from '../../../ports/provider.js';
import { kinds } from '../../ports/providers.js';
import type { Call, Mutation, Watcher } from '../../watcher.js';
import type { World } from '../../world.js';

/** The world as it was before the last change of what is asked for. */
export class Past implements Watcher {
  private readonly refs = new Map<string, string | null>();
  private readonly providers = new Map<InstanceId, string>();
  private readonly probes = new Map<string, { last: ProbeAnswer; other: ProbeAnswer | null }>();

  constructor(private readonly world: World) {}

  swapped(ref: string, from: string | null): void {
    this.refs.set(ref, from);
  }

  begun({ key, provider }: Mutation): void {
    this.providers.set(key as InstanceId, provider);
  }

  /** What would have been answered then, or what is true now where nothing has changed since. */
  answerTo<T>(call: Call, now: T): T {
    return this.before(call, now) as T;
  }

  private before({ port, verb, key }: Call, now: unknown): unknown {
    switch (`${port}.${verb}`) {
      case 'provider.observe':
        return (now as readonly Observation[]).map((observation) => this.formerly(observation));
      case 'provider.list':
        return this.listBefore(now as Page);
      case 'prober.probe':
        return this.probeBefore(key, now as ProbeAnswer);
      case 'refs.read':
        return this.refs.has(key) ? this.refs.get(key) : now;
      // Objects never change: before, they were not there.
      case 'source.commit':
      case 'source.tree':
        return null;
      case 'source.blobs':
      case 'source.sizes':
        return (now as readonly unknown[]).map(() => null);
      default:
        return now;
    }
  }

  private formerly<T extends Observation>(now: T): T {
    const former = this.world.technology.before(now.id)?.observation;
    if (former === undefined) return now;
    const kind = kinds.find(({ name }) => name === this.providers.get(now.id));
    const digest: Digest | null = kind?.knowsDigest === false ? null : former.digest;
    return { ...now, ...former, digest };
  }

  private listBefore({ resources, cursor }: Page): Page {
    const before = resources.map((resource) => this.formerly(resource));
    return { resources: before.filter(({ presence }) => presence !== 'absent'), cursor };
  }

  /** The last answer that was another; of what was never asked before, that it does not answer. */
  private probeBefore(key: string, now: ProbeAnswer): ProbeAnswer {
    const known = this.probes.get(key);
    const other = known === undefined || known.last.good === now.good ? (known?.other ?? null) : known.last;
    this.probes.set(key, { last: now, other });
    if (other !== null) return other;
    return known === undefined && now.good ? { good: false, detail: safe('connection refused') } : now;
  }
}
