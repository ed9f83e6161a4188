import { setTimeout as sleep } from 'node:timers/promises';
import { statusRef } from '../../../src/engine/status-branch.js';
import type { EnginePorts } from '../../../src/engine/ports.js';
import type { Disk } from '../../../src/ports/disk.js';
import type { Provider, Providers } from '../../../src/ports/provider.js';
import type { Refs } from '../../../src/ports/repository.js';
import type { CrashPosition, Work } from './position.js';

/** Ends this process as a crash does: nothing more is written, nothing is told to anybody. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise<never>(() => {});
}

/** A little of what follows, so that the effect gets under way. */
const underWayMs = 15;

/** The real ports, whose owner dies at a position. */
export function deadlyPorts(ports: EnginePorts, position: CrashPosition, work: Work): EnginePorts {
  const begun = { work: false, pushes: 0 };
  return {
    ...ports,
    disk: deadlyDisk(ports.disk, position, work),
    providers: deadlyProviders(ports.providers, position, work, begun),
    refs: deadlyRefs(ports.refs, position, work, begun),
  };
}

interface Begun {
  /** An effect was brought about. */
  work: boolean;
  pushes: number;
}

function deadlyDisk(disk: Disk, position: CrashPosition, work: Work): Disk {
  const isIt = (bytes: Uint8Array): boolean => {
    const text = Buffer.from(bytes).toString('utf8');
    return text.includes('"operation.begun"') && text.includes(`"transition":"${work}"`);
  };
  return {
    read: (file) => disk.read(file),
    replace: (file, bytes) => disk.replace(file, bytes),
    truncate: (file, length) => disk.truncate(file, length),
    list: (folder) => disk.list(folder),
    remove: (file) => disk.remove(file),
    sync: (file) => disk.sync(file),
    async append(file, bytes) {
      if (!isIt(bytes)) return disk.append(file, bytes);
      if (position === 'before the journal write') return die();
      if (position === 'torn write') {
        await disk.append(file, bytes.subarray(0, bytes.length >> 1));
        return die();
      }
      await disk.append(file, bytes);
      if (position === 'written, not synced') await die();
    },
  };
}

function deadlyProviders(providers: Providers, position: CrashPosition, work: Work, begun: Begun): Providers {
  const wrapped = new Map<Provider, Provider>();
  const deadly = (provider: Provider): Provider => {
    const known = wrapped.get(provider) ?? deadlyProvider(provider, position, work, begun);
    wrapped.set(provider, known);
    return known;
  };
  return {
    get: (name) => {
      const provider = providers.get(name);
      return provider === null ? null : deadly(provider);
    },
    names: () => providers.names(),
    gateway: providers.gateway,
  };
}

function deadlyProvider(provider: Provider, position: CrashPosition, work: Work, begun: Begun): Provider {
  const apply: Provider['apply'] = async (transition, instance, ctx) => {
    const isIt = transition === work;
    if (isIt && position === 'synced, before the effect') await die();
    const outcome = provider.apply(transition, instance, ctx);
    if (isIt && position === 'effect sent') {
      await sleep(underWayMs);
      await die();
    }
    const answer = await outcome;
    begun.work = true;
    if (isIt && position === 'effect done, before its record') await die();
    return answer;
  };
  // Verbs that a provider does not have must stay missing; the others keep what they belong to.
  return new Proxy(provider, {
    get(target, name) {
      if (name === 'apply') return apply;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function deadlyRefs(refs: Refs, position: CrashPosition, work: Work, begun: Begun): Refs {
  return {
    read: (ref) => refs.read(ref),
    head: () => refs.head(),
    list: (prefix) => refs.list(prefix),
    commit: (request) => refs.commit(request),
    note: (name, notes, wallMs) => refs.note(name, notes, wallMs),
    advance: (ref, from, to) => refs.advance(ref, from, to),
    async compareAndSwap(ref, from, to) {
      const isIt = ref === statusRef && (work === 'claim' ? begun.pushes === 0 : begun.work);
      if (isIt && position === 'before the push') return die();
      const result = await refs.compareAndSwap(ref, from, to);
      if (ref === statusRef && result.kind === 'swapped') begun.pushes++;
      if (isIt && position === 'after the push, before its record') return die();
      return result;
    },
  };
}
