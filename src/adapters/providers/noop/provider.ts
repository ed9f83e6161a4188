import { unreachable } from '../../../core/base/assert.js';
import type { Transition } from '../../../core/base/desired.js';
import { safe } from '../../../core/base/safe-text.js';
import type { Cancel } from '../../../ports/clock.js';
import type {
  Backend,
  InstanceRef,
  InstanceTask,
  Observation,
  Outcome,
  Page,
  Provider,
  ProviderContext,
} from '../../../ports/provider.js';
import { foreignHomeOf } from '../parts/home.js';
import { absent, answered, done, refuse, tryAgain, unknown } from '../parts/outcomes.js';
import { pause } from '../parts/waiting.js';
import { behaviourIn } from './behaviour.js';
import { noopManifest } from './manifest.js';
import { openWorld, type Thing, type World } from './world.js';

export interface NoopProviderOptions {
  /** The world; made at the first change. */
  readonly file: string;
  /** Of this controller. */
  readonly home: string;
  /** How often the file is looked at for changes made behind our back, for `watch`. */
  readonly pollMs?: number;
}

interface Host {
  readonly world: World;
  readonly home: string;
  /** Failures so far, by owner key and transition; a round ends when it succeeds. */
  readonly failures: Map<string, number>;
}

/** Runs nothing, and remembers it in one file, so that a restart finds it. */
export function createNoopProvider(options: NoopProviderOptions): Provider {
  const host: Host = { world: openWorld(options.file), home: options.home, failures: new Map() };
  const routes = new Map<string, readonly Backend[]>();
  return {
    manifest: noopManifest,
    observe: async (instances) => {
      const things = host.world.things();
      return instances.map((ref) => observationOf(host, ref, things.get(ref.owner)));
    },
    list: async (owner, cursor) => listThings(host, owner, cursor),
    apply: (transition, task, ctx) => answered(() => carryOut(host, transition, task, ctx)),
    route: async (binding, backends) => {
      routes.set(binding.key, backends);
      return done(null);
    },
    unroute: async (key) => {
      routes.delete(key);
      return done(null);
    },
    watch: (owner, notify, cancel) =>
      watchWorld(host.world, owner, { notify, cancel, pollMs: options.pollMs ?? 500 }),
  };
}

async function carryOut(
  host: Host,
  transition: Transition,
  task: InstanceTask,
  ctx: ProviderContext,
): Promise<Outcome> {
  const behaviour = behaviourIn(task.configuration, transition);
  if (behaviour.delayMs > 0) {
    await pause(behaviour.delayMs, ctx.cancel);
    if (ctx.cancel.cancelled) return unknown(`interrupted during ${transition}`);
  }
  pretendFailure(host, transition, task, behaviour.failures);
  const before = host.world.things().get(task.owner);
  const foreign = before === undefined ? null : foreignHomeOf(before.home, host.home);
  if (foreign !== null)
    throw refuse('noop.foreign', `what is there belongs to ${foreign}; nothing was touched`);
  const after = changed(transition, task, before ?? null, behaviour.health);
  if (after !== null) await host.world.put(after);
  else if (before !== undefined) await host.world.remove(task.owner);
  return done(observationOf(host, task, after ?? undefined));
}

function pretendFailure(host: Host, transition: Transition, task: InstanceTask, failures: number): void {
  const key = `${transition} ${task.owner}`;
  const before = host.failures.get(key) ?? 0;
  if (before < failures) {
    host.failures.set(key, before + 1);
    throw tryAgain('noop.asked', `${transition} fails, as its configuration asks`);
  }
  host.failures.delete(key);
}

/** What is there after the transition; null for nothing. */
function changed(
  transition: Transition,
  task: InstanceTask,
  before: Thing | null,
  health: Thing['health'],
): Thing | null {
  const { id, owner, home, digest } = task;
  switch (transition) {
    case 'create':
      return before ?? { id, owner, home, state: 'inactive', health, digest: null };
    case 'configure':
    case 'reconfigure':
      return { ...demanded(before, task), health, digest };
    case 'start':
      return { ...demanded(before, task), state: 'active', health, digest };
    case 'stop':
      return before === null ? null : { ...before, state: 'inactive' };
    case 'destroy':
    case 'reset':
      return null;
    default:
      return unreachable(transition);
  }
}

function demanded(before: Thing | null, task: InstanceTask): Thing {
  if (before === null) throw tryAgain('noop.notCreated', `${task.id} is not there`);
  return before;
}

function observationOf(host: Host, ref: Pick<InstanceRef, 'id'>, thing: Thing | undefined): Observation {
  if (thing === undefined) return absent(ref.id);
  const active = thing.state === 'active';
  return {
    id: ref.id,
    presence: 'present',
    state: thing.state,
    health: active ? thing.health : 'unknown',
    digest: thing.digest,
    resource: null,
    detail: active && thing.health === 'bad' ? safe('not well, as its configuration asks') : null,
    foreignHome: foreignHomeOf(thing.home, host.home),
  };
}

const pageSize = 1_000;

function listThings(host: Host, owner: string, cursor: string | null): Page {
  const keys = [...host.world.things().keys()]
    .filter((key) => key.startsWith(owner) && (cursor === null || key > cursor))
    .sort();
  const page = keys.slice(0, pageSize).map((key) => host.world.things().get(key) as Thing);
  const resources = page.map((thing) => ({ ...observationOf(host, thing, thing), owner: thing.owner }));
  return { resources, cursor: keys.length > pageSize ? (page.at(-1)?.owner ?? null) : null };
}

interface Watch {
  readonly notify: (ids: readonly Observation['id'][]) => void;
  readonly cancel: Cancel;
  readonly pollMs: number;
}

async function watchWorld(world: World, owner: string, { notify, cancel, pollMs }: Watch): Promise<void> {
  world.strangeChanges();
  while (!cancel.cancelled) {
    await pause(pollMs, cancel, 'idle');
    const owners = world.strangeChanges().filter((key) => key.startsWith(owner));
    // An owner key is `<domain id>:<instance id>`.
    const ids = owners.map((key) => key.slice(key.indexOf(':') + 1) as Observation['id']);
    if (ids.length > 0) notify(ids);
  }
}
