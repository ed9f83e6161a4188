import { readFileSync } from 'node:fs';
import type { ProviderManifest } from '../../core/base/manifest.js';
import type { ProviderName } from '../../core/base/names.js';
import type { Redactor } from '../../core/base/safe-text.js';
import type { Cancel } from '../../ports/clock.js';
import type { Outcome, Provider } from '../../ports/provider.js';
import { startTimeOf } from './identity.js';
import type { Program } from './launch.js';
import { holderNote, outcomeOf } from './outcome.js';
import { gatewayPaths } from './paths.js';

import type { GatewayStats, Hello, TableFile } from './protocol.js';
import { Session } from './session.js';

export interface GatewayOptions {
  /** One gateway a state folder; domains may share it, for their keys begin with their ids. */
  readonly stateDir: string;
  /** How to start it; the state folder is added as the last argument. */
  readonly program: Program;
  readonly redact: Redactor;
}

export type Ensured =
  /** It routes nothing, so none is needed. */
  | { readonly kind: 'unneeded' }
  | { readonly kind: 'running'; readonly pid: number }
  | { readonly kind: 'restarted'; readonly pid: number }
  | { readonly kind: 'failed'; readonly outcome: Outcome };

export interface Gateway
  extends Pick<Provider, 'manifest'>, Required<Pick<Provider, 'route' | 'unroute' | 'routes'>> {
  /** Restarts it if it is dead and has something to route. For boot, and every few seconds after it. */
  ensure(timeoutMs?: number): Promise<Ensured>;
  /** Null if none runs. */
  stats(): Promise<GatewayStats | null>;
  /**
   * Ends it, whatever its version, and frees its ports; settles when its process is gone. Its table
   * stays, so that `ensure` starts a newer version with it.
   */
  shutdown(graceMs?: number): Promise<void>;
  /** Lets go of it; it goes on. */
  close(): void;
}

const never: Cancel = { cancelled: false, onCancel: () => () => undefined };

const manifest: ProviderManifest = {
  name: 'gateway' as ProviderName,
  protocol: 1,
  summary: 'Embedded reverse proxy for HTTP and TCP',
  configuration: null,
  reconfigurable: [],
  reconfigureInterrupts: false,
  capabilities: ['route'],
  fencing: 'backend',
  needs: [],
  portRange: [25_000, 29_999],
};

/** Starts nothing: the gateway's process begins with the first route. */
export function createGateway(options: GatewayOptions): Gateway {
  const paths = gatewayPaths(options.stateDir);
  const session = new Session(options.program, paths);
  const stats = async (): Promise<GatewayStats | null> => {
    if (!(await session.runs())) return null;
    const reply = await session.connection?.ask({ verb: 'stats' }, { timeoutMs: 2_000, cancel: never });
    return reply && typeof reply !== 'string' && reply.ok ? (reply.value as GatewayStats) : null;
  };

  return {
    manifest,
    async route({ key, scheme, address, port }, backends, ctx) {
      const table = backends.map((backend) => ({
        instance: backend.instance,
        address: backend.address,
        port: backend.port,
        weight: backend.weight,
      }));
      const binding = { key, scheme, address, port, backends: table };
      const result = await session.ask({ verb: 'route', binding, epoch: ctx.epoch }, ctx);
      const note = await holderNote(result, port, () => session.identity()?.pid);
      return outcomeOf(result, options.redact, note);
    },
    async unroute(key, ctx) {
      if (!(await session.runs()) && !tableKeys(paths.table).includes(key)) return done;
      return outcomeOf(await session.ask({ verb: 'unroute', key, epoch: ctx.epoch }, ctx), options.redact);
    },
    async ensure(timeoutMs = 5_000) {
      const before = session.identity();
      if (!before && tableKeys(paths.table).length === 0) return { kind: 'unneeded' };
      const result = await session.ask({ verb: 'hello' }, { timeoutMs, cancel: never });
      const outcome = outcomeOf(result, options.redact);
      if (outcome.kind !== 'done' || result.kind !== 'answered' || !result.answer.ok)
        return { kind: 'failed', outcome };
      const { pid } = result.answer.value as Hello;
      return { kind: before?.pid === pid ? 'running' : 'restarted', pid };
    },
    async routes(owner) {
      const bindings = (await session.runs())
        ? (await stats())?.bindings.map(({ key }) => key)
        : tableKeys(paths.table);
      return bindings?.filter((key) => key.startsWith(owner)) ?? null;
    },
    stats,
    shutdown: (graceMs = 1_000) => end(session, graceMs),
    close: () => session.close(),
  };
}

const done: Outcome = { kind: 'done', observation: null };

/** Read by us only where no gateway runs, for then nobody writes it. */
function tableKeys(file: string): readonly string[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as TableFile).bindings.map(({ key }) => key);
  } catch {
    return [];
  }
}

async function end(session: Session, graceMs: number): Promise<void> {
  const running = await session.running();
  const who = running?.hello ?? session.identity();
  if (running) {
    await running.connection.ask({ verb: 'shutdown', graceMs }, { timeoutMs: 2_000, cancel: never });
    running.connection.close();
  }
  session.close();
  if (!who || (await goneWithin(who, running ? graceMs + 2_000 : 0))) return;
  try {
    process.kill(who.pid, 'SIGKILL');
  } catch {
    return; // it ended in between
  }
  await goneWithin(who, 2_000);
}

async function goneWithin(who: { pid: number; startTime: string }, limitMs: number): Promise<boolean> {
  for (const deadline = performance.now() + limitMs; ;) {
    if (startTimeOf(who.pid) !== who.startTime) return true;
    if (performance.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
