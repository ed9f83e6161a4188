import { readdir } from 'node:fs/promises';
import { describeHolder, lockStateFolder } from '../../adapters/lock/state-folder.js';
import type { Engine } from '../../engine/engine.js';
import { boot } from '../../engine/boot.js';
import { reconcile } from '../../engine/reconcile.js';
import { Failure } from '../cli/operations.js';
import type { Location } from './place.js';
import { makeStateFolder } from './place.js';
import type { Wired, WiringOptions } from './wiring.js';
import { wire } from './wiring.js';

/** A controller that runs in this process. */
export interface Session {
  readonly engine: Engine;
  readonly wired: Wired;
  readonly location: Location;
  /** Settles when the loop has ended. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const gatewayCheckMs = 3_000;

/** @throws {Failure} where another controller has the state folder or the domain, or the journal cannot be used. */
export async function openSession(
  location: Location,
  options: Omit<WiringOptions, 'readOnly'>,
  what: string,
): Promise<Session> {
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
  const booted = await boot(wired.ports, wired.options, location.domain);
  if (!booted.ok) {
    await wired.close();
    await lock.release();
    throw new Failure(booted.code, booted.message, booted.fix);
  }
  const { engine } = booted;
  await wired.gateway.ensure();
  const watch = setInterval(() => void wired.gateway.ensure(), gatewayCheckMs);
  watch.unref();
  const ended = reconcile(engine);
  // A broken invariant ends the loop; whoever waits for something must not wait for ever.
  ended.catch((error: unknown) =>
    engine.stop(
      `a bug in Heliostat: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    ),
  );
  return {
    engine,
    wired,
    location,
    ended,
    async close() {
      clearInterval(watch);
      engine.stop(null);
      await ended;
      await engine.close();
      await wired.close();
      await lock.release();
    },
  };
}

/** Whether a controller ever ran here. */
export async function hasJournal(location: Location): Promise<boolean> {
  return (await readdir(location.stateDir).catch(() => [])).length > 0;
}
