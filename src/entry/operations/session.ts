import { readdir } from 'node:fs/promises';
import { describeHolder, lockStateFolder } from '../../adapters/lock/state-folder.js';
import type { Engine } from '../../engine/engine.js';
import type { Booted } from '../../engine/boot.js';
import { boot } from '../../engine/boot.js';
import type { EngineOptions } from '../../engine/ports.js';
import { reconcile } from '../../engine/reconcile.js';
import { Failure } from '../cli/operations.js';
import type { Location } from './place.js';
import { makeStateFolder } from './place.js';
import type { Wired, WiringOptions } from './wiring.js';
import { wire } from './wiring.js';

/** A state folder that is held by this process, and the first incarnation of a controller in it. */
export interface Ground {
  readonly engine: Engine;
  readonly wired: Wired;
  readonly location: Location;
  /** It goes on from a status branch that was rewritten, as a person said. */
  readonly accepted: boolean;
  /** Another incarnation, from what is there now. Takes the domain over from nobody. */
  again(accept: Acceptance): Promise<Booted>;
  /** When no incarnation runs any more. */
  leave(): Promise<void>;
}

/** A controller that runs in this process. */
export interface Session {
  readonly engine: Engine;
  readonly wired: Wired;
  readonly location: Location;
  readonly accepted: boolean;
  /** Settles when the loop has ended. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

type Acceptance = EngineOptions['acceptRewritten'];

export interface SessionOptions extends Omit<WiringOptions, 'readOnly'> {
  readonly acceptRewritten?: Acceptance;
}

const gatewayCheckMs = 3_000;
/** Of the copy of a remote. */
const maintenanceMs = 6 * 3_600_000;

/** @throws {Failure} where another controller has the state folder or the domain, or the journal cannot be used. */
export async function takeGround(location: Location, options: SessionOptions, what: string): Promise<Ground> {
  if (!location.isNamed)
    throw new Failure(
      'domain.unnamed',
      'heliostat.yaml does not say a name that can be used',
      'Look: heliostat validate. Write name: NAME, in lower case letters, digits and hyphens.',
    );
  await makeStateFolder(location);
  const lock = await lockStateFolder(location.stateDir, what);
  if (!lock.ok) {
    throw new Failure(
      'state.locked',
      `${location.domain} is being run already by ${describeHolder(lock.heldBy)}`,
      'Look: heliostat status. Stop it first if you want to run it here.',
    );
  }
  const wired = await wire(location, { ...options, readOnly: false });
  const bootWith = (more: Partial<EngineOptions>): Promise<Booted> =>
    boot(wired.ports, { ...wired.options, ...more }, location.domain);
  const booted = await bootWith({ acceptRewritten: options.acceptRewritten ?? null });
  if (!booted.ok) {
    await wired.close();
    await lock.release();
    throw new Failure(booted.code, booted.message, booted.fix);
  }
  await wired.gateway.ensure();
  const watch = setInterval(() => void wired.gateway.ensure(), gatewayCheckMs);
  watch.unref();
  const maintain = (): void => void location.remote?.maintain().catch(() => undefined);
  const tidy = setInterval(maintain, maintenanceMs);
  tidy.unref();
  maintain();
  return {
    engine: booted.engine,
    wired,
    location,
    accepted: booted.accepted,
    again: (acceptRewritten) => bootWith({ acceptRewritten: acceptRewritten ?? null, takeover: false }),
    async leave() {
      clearInterval(watch);
      clearInterval(tidy);
      await wired.close();
      await lock.release();
    },
  };
}

/** @throws {Failure} as `takeGround`. */
export async function openSession(
  location: Location,
  options: SessionOptions,
  what: string,
): Promise<Session> {
  const ground = await takeGround(location, options, what);
  const { engine, wired, accepted } = ground;
  const ended = reconcile(engine);
  stopOnBug(ended, () => engine);
  return {
    engine,
    wired,
    location,
    accepted,
    ended,
    async close() {
      engine.stop(null);
      await ended;
      await engine.close();
      await ground.leave();
    },
  };
}

/** A broken invariant ends the loop; whoever waits for something must not wait for ever. */
export function stopOnBug(ended: Promise<void>, engine: () => Engine): void {
  ended.catch((error: unknown) =>
    engine().stop(
      `a bug in Heliostat: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ),
  );
}

/** Whether a controller ever ran here. */
export async function hasJournal(location: Location): Promise<boolean> {
  return (await readdir(location.stateDir).catch(() => [])).length > 0;
}
