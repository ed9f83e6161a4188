import { randomUUID } from 'node:crypto';
import type { Transition } from '../../../core/base/desired.js';
import { unreachable } from '../../../core/base/assert.js';
import type { InstanceTask, Outcome, ProviderContext } from '../../../ports/provider.js';
import { done, refuse, tryAgain, TransitionFailure, unknown } from '../parts/outcomes.js';
import { kindOf } from '../parts/folders.js';
import { layOut } from './artifacts.js';
import { endAll } from './ending.js';
import { bodyNow, demandOurs, viewOf, type Host, type View } from './host.js';
import { describeExit, endedWithin, launch } from './launch.js';
import { observeOne, withEvidence } from './observing.js';
import { demandFreePort } from './port-check.js';
import { markNames } from './proc.js';
import {
  makeStore,
  removeRecord,
  writeRecord,
  type InstanceRecord,
  type RecordedProcess,
} from './records.js';
import { basicEnvironment, findProgram, readSettings, workingDirectory } from './settings.js';
import { sweep, throwAway } from './sweep.js';

export async function carryOut(
  host: Host,
  transition: Transition,
  task: InstanceTask,
  ctx: ProviderContext,
): Promise<Outcome> {
  makeStore(host.options.instancesDir);
  const view = viewOf(host, task, await host.takeCensus());
  demandOurs(view);
  switch (transition) {
    case 'create':
      return create(host, task, view, ctx);
    case 'configure':
      return configure(host, task, view);
    case 'start':
      return start(host, task, view, ctx);
    case 'reconfigure':
      throw refuse('process.cannotReconfigure', 'a running process cannot be given another configuration');
    case 'stop':
      return stop(host, task, ctx);
    case 'destroy':
      return destroy(host, task, view, ctx);
    case 'reset':
      return reset(host, task, view, ctx);
    default:
      return unreachable(transition);
  }
}

async function create(host: Host, task: InstanceTask, view: View, ctx: ProviderContext): Promise<Outcome> {
  readSettings(task.configuration);
  if (view.sighting.kind === 'none' && task.port !== null) await demandFreePort(task.port);
  await layOut(view.places.folder, task.artifacts, `${host.options.instancesDir}/.work`, ctx);
  writeRecord(view.places.record, {
    ...recordFrom(task, view),
    process: runningIn(host, view),
    reset: false,
  });
  return seen(host, task);
}

async function configure(host: Host, task: InstanceTask, view: View): Promise<Outcome> {
  demandCreated(view);
  readSettings(task.configuration);
  const record = recordFrom(task, view);
  writeRecord(view.places.record, {
    ...record,
    digest: task.digest,
    process: record.process ?? runningIn(host, view),
  });
  return seen(host, task);
}

async function start(host: Host, task: InstanceTask, view: View, ctx: ProviderContext): Promise<Outcome> {
  const settings = readSettings(task.configuration);
  if (view.sighting.kind === 'one') return adopt(host, task, view);
  demandCreated(view);
  // A crash may have left children that hold the port.
  const ended = await endAll({ look: () => bodyNow(host, task), politeMs: 0, cancel: ctx.cancel });
  if (!ended) return unknown('interrupted before the start');
  if (task.port !== null) await demandFreePort(task.port);
  const { folder, out, err } = view.places;
  const env = environmentOf(host, task, settings.env);
  const program = findProgram(settings.program, folder, env['PATH'] ?? '');
  const directory = workingDirectory(folder, settings.directory);
  const wanted = { program, args: settings.args, directory, env, out, err };
  const launched = await launch(wanted, (pid, startTime) => {
    const run = env[markNames.run] as string;
    const process = { pid, startTime, bootId: host.boot, run, digest: task.digest };
    writeRecord(view.places.record, {
      ...recordFrom(task, view),
      digest: task.digest,
      process,
      reset: false,
    });
  });
  const { pid, startTime } = launched;
  host.watchlist.trackChild({ id: task.id, owner: task.owner, pid, startTime }, launched.child);
  const exit = await endedWithin(launched, host.options.graceMs, ctx.cancel);
  if (exit === null) return seen(host, task);
  const message = withEvidence(host, view.places, `pid ${pid} ${describeExit(exit)} at once`);
  throw new TransitionFailure('process.exited', message, true);
}

/** Already running: the very same process, whoever started it. */
function adopt(host: Host, task: InstanceTask, view: View): Promise<Outcome> {
  const process = runningIn(host, view);
  if (process !== null && process.digest !== task.digest) {
    throw tryAgain(
      'process.running',
      `pid ${process.pid} runs with another configuration; it has to stop first`,
    );
  }
  writeRecord(view.places.record, { ...recordFrom(task, view), process, digest: task.digest, reset: false });
  return seen(host, task);
}

async function stop(host: Host, task: InstanceTask, ctx: ProviderContext): Promise<Outcome> {
  const ended = await end(host, task, ctx, task.timeoutMs);
  return ended ? seen(host, task) : unknown('interrupted while it stops');
}

async function destroy(host: Host, task: InstanceTask, view: View, ctx: ProviderContext): Promise<Outcome> {
  if (!(await end(host, task, ctx, task.timeoutMs))) return unknown('interrupted while it stops');
  throwAway(view.places.folder, `${host.options.instancesDir}/.work`);
  removeRecord(view.places.record);
  sweep(host.options.instancesDir);
  return seen(host, task);
}

/** Back to nothing, by force. The folder stays: the `create` that follows a crash finds its data again. */
async function reset(host: Host, task: InstanceTask, view: View, ctx: ProviderContext): Promise<Outcome> {
  const ended = await end(host, task, ctx, 0);
  if (!ended) return unknown('interrupted while it is reset');
  if (view.record !== null) writeRecord(view.places.record, { ...view.record, process: null, reset: true });
  sweep(host.options.instancesDir);
  return seen(host, task);
}

/** Ends all of it, and notes that this was our doing. */
async function end(host: Host, task: InstanceTask, ctx: ProviderContext, politeMs: number): Promise<boolean> {
  const ended = await endAll({ look: () => bodyNow(host, task), politeMs, cancel: ctx.cancel });
  if (!ended) return false;
  host.watchlist.forget(task.owner);
  const { record, places } = viewOf(host, task, await host.takeCensus());
  if (record !== null && record.process !== null) writeRecord(places.record, { ...record, process: null });
  return true;
}

function demandCreated(view: View): void {
  const created = view.record !== null && !view.record.reset;
  if (!created || kindOf(view.places.folder) !== 'folder') {
    throw tryAgain('process.notCreated', `${view.places.folder} is not there`);
  }
}

function recordFrom(task: InstanceTask, view: View): InstanceRecord {
  const { id, owner, home } = task;
  const before = view.record;
  return { id, owner, home, digest: before?.digest ?? null, process: before?.process ?? null, reset: false };
}

function runningIn(host: Host, view: View): RecordedProcess | null {
  if (view.sighting.kind !== 'one') return null;
  const { pid, startTime, marks } = view.sighting.process;
  return { pid, startTime, bootId: host.boot, run: marks.run, digest: marks.digest };
}

/** Our marks come first and cannot be overridden. */
function environmentOf(
  host: Host,
  task: InstanceTask,
  own: { readonly [name: string]: string },
): Record<string, string> {
  const marks = {
    [markNames.owner]: task.owner,
    [markNames.home]: task.home,
    [markNames.digest]: task.digest,
    [markNames.run]: randomUUID(),
  };
  return { ...marks, ...basicEnvironment(host.options.environment), ...own, ...marks };
}

async function seen(host: Host, task: InstanceTask): Promise<Outcome> {
  return done(observeOne(host, task, await host.takeCensus()));
}
