import { redactorOf, safe, type Redactor } from '../../../core/base/safe-text.js';
import type { Provider } from '../../../ports/provider.js';
import { answered, refuse, unseen } from '../parts/outcomes.js';
import { takingTurns } from '../parts/turns.js';
import { hostOf, type Host } from './host.js';
import { readLogs } from './log-reading.js';
import { defaultPortRange, processManifest } from './manifest.js';
import { listOwned, observeAll, streamsOf } from './observing.js';
import { hasProc } from './proc.js';
import { placesOf } from './records.js';
import { carryOut } from './transitions.js';
import { watchAll } from './watching.js';

export interface ProcessProviderOptions {
  /** Absolute; holds a working folder for each instance, and their records and logs. */
  readonly instancesDir: string;
  /** Of this controller: a process that carries another living one is not ours. */
  readonly home: string;
  readonly portRange?: readonly [first: number, last: number];
  /** In front of everything that processes say. */
  readonly redact?: Redactor;
  /** Of one stream of one instance; the run before has as much again. */
  readonly logLimitBytes?: number;
  /** A process that ends within this time after its start has not started. */
  readonly graceMs?: number;
  /** How often processes that are not our children are looked at. */
  readonly pollMs?: number;
  /** Where PATH, HOME, LANG and TMPDIR are taken from. */
  readonly environment?: NodeJS.ProcessEnv;
}

const noProc =
  'the process provider needs /proc, as Linux has it: run the controller on Linux, or in a container';

/** Operating-system processes that outlive the controller; found again by pid and start time, or by their owner key. */
export function createProcessProvider(options: ProcessProviderOptions): Provider {
  const manifest = processManifest(options.portRange ?? defaultPortRange);
  if (!hasProc()) return withoutProc(manifest);
  const host: Host = hostOf({
    instancesDir: options.instancesDir,
    home: options.home,
    redact: options.redact ?? redactorOf([]),
    logLimitBytes: options.logLimitBytes ?? 16 * 1024 * 1024,
    graceMs: options.graceMs ?? 200,
    pollMs: options.pollMs ?? 500,
    environment: options.environment ?? process.env,
  });
  const inTurn = takingTurns();
  return {
    manifest,
    observe: (instances) => observeAll(host, instances),
    list: (owner, cursor) => listOwned(host, owner, cursor),
    apply: (transition, task, ctx) =>
      inTurn(task.id, () => answered(() => carryOut(host, transition, task, ctx))),
    watch: (owner, notify, cancel) => watchAll(host, owner, notify, cancel),
    logs: async (instance, query) =>
      readLogs(streamsOf(placesOf(options.instancesDir, instance.id)), query, host.options.redact),
  };
}

function withoutProc(manifest: Provider['manifest']): Provider {
  return {
    manifest,
    observe: async (instances) => instances.map(({ id }) => unseen(id, safe(noProc))),
    list: async () => ({ resources: [], cursor: null }),
    apply: () => answered(() => Promise.reject(refuse('process.noProc', noProc))),
  };
}
