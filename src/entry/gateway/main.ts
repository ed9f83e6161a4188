import { existsSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { startTimeOf } from '../../adapters/gateway/identity.js';
import { gatewayPaths, type GatewayPaths } from '../../adapters/gateway/paths.js';
import { controlServer, type Commands } from './control.js';
import { log } from './log.js';
import { listenAlone, takeIdentity } from './single.js';
import { Store } from './store.js';
import { Table } from './table.js';

const checkMs = 2_000;
/** With nothing to route and nobody connected. */
const idleChecks = 30;

const stateDir = process.argv[2];
if (stateDir === undefined) {
  process.stderr.write('usage: gateway STATE_FOLDER\n');
  process.exitCode = 1;
} else {
  await run(gatewayPaths(stateDir)).catch((error: Error) => {
    log('error', { message: error.message });
    process.exit(1);
  });
}

async function run(paths: GatewayPaths): Promise<void> {
  if (!takeIdentity(paths)) return process.exit(0);
  const table = new Table(new Store(paths.table));
  await table.restore();
  const ending = () => {
    // Last, for it is what keeps the next gateway out.
    rmSync(paths.socketFolder, { recursive: true, force: true });
    rmSync(paths.identity, { force: true });
  };
  const commands = commandsOf(table, ending);
  const control = controlServer(commands);
  if (!(await listenAlone(control, paths))) return process.exit(0);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => commands.shutdown(1_000));
  process.on('SIGHUP', () => undefined);
  surviveErrors();
  log('started', { bindings: table.size });
  watchOver(paths, table, { control, commands });
}

/** One bad connection must not take all others with it. */
function surviveErrors(): void {
  let left = 1_000;
  process.on('uncaughtException', (error) => {
    if (--left >= 0) log('error', { message: error.stack ?? String(error) });
  });
}

function commandsOf(table: Table, ending: () => void): Commands {
  const startTime = startTimeOf(process.pid) ?? '';
  return {
    hello: () => ({ pid: process.pid, startTime }),
    route: (binding, epoch) => table.route(binding, epoch),
    unroute: (key, epoch) => table.unroute(key, epoch),
    stats: () => ({
      pid: process.pid,
      uptimeMs: Math.round(process.uptime() * 1_000),
      rssBytes: process.memoryUsage.rss(),
      bindings: table.stats(),
    }),
    shutdown: (graceMs) => void shutDown(table, graceMs, ending),
  };
}

async function shutDown(table: Table, graceMs: number, ending: () => void): Promise<void> {
  table.closeAll();
  for (const deadline = performance.now() + graceMs; table.open > 0 && performance.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  log('ended', { cut: table.open });
  ending();
  // After the answer to who asked.
  setTimeout(() => process.exit(0), 10);
}

interface Control {
  readonly control: Server;
  readonly commands: Commands;
}

/** Temporary folders are swept and state folders deleted under a running gateway: it stays findable. */
function watchOver(paths: GatewayPaths, table: Table, { control, commands }: Control): void {
  let server = control;
  let idle = 0;
  const check = async () => {
    if (!existsSync(paths.socket)) {
      server.close();
      server = controlServer(commands);
      if (!(await listenAlone(server, paths))) return commands.shutdown(1_000);
    }
    if (!existsSync(paths.identity) && table.size > 0 && !takeIdentity(paths))
      return commands.shutdown(1_000);
    await table.listenAgain();
    const connections = await new Promise<number>((done) => server.getConnections((_, count) => done(count)));
    idle = table.size === 0 && connections === 0 ? idle + 1 : 0;
    if (idle >= idleChecks) commands.shutdown(0);
    return undefined;
  };
  setInterval(() => void check().catch((error: Error) => log('error', { message: error.message })), checkMs);
}
