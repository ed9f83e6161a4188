import type { FaultKind } from './faults.js';
import { calm } from './calm.js';
import { SimForge } from './forge.js';
import type { Director } from './director.js';
import { Random } from './random.js';
import { Remote } from './remote.js';
import { Stage } from './stage.js';
import { Violation, type Watcher } from './watcher.js';
import { perform, publish } from './workload/acts.js';
import { Author } from './workload/author.js';
import { decidesProposals } from './workload/pull-requests.js';
import { pulls } from './workload/pulls.js';
import type { Script } from './workload/script.js';
import { World, type Host } from './world.js';

export interface RunOptions {
  readonly host: Host;
  /** Made for each world: the invariants, and whoever else looks on. */
  readonly watchers: readonly ((stage: Stage) => Watcher)[];
  readonly director?: Director;
  /** Keep the lines of the trace. */
  readonly verbose?: boolean;
  /** Called with the stage before anything happens: planted bugs get in here. */
  readonly prepare?: (stage: Stage) => void;
}

export interface Report {
  readonly seed: number;
  /** Events that changed something, and all of them. */
  readonly steps: number;
  readonly events: number;
  /** Of the trace: equal for equal runs on every machine. */
  readonly hash: string;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly incarnations: number;
  /** Time that passed in the world, in milliseconds. */
  readonly simulatedMs: number;
  readonly violation: { readonly invariant: number; readonly message: string; readonly step: number } | null;
  /** What exists at the end, without run-time values. */
  readonly summary: readonly string[];
  readonly trace: readonly string[];
}

/** One run: a model, a workload under faults, then calm, in which everything must come to rest as it should be. */
export async function run(script: Script, options: RunOptions): Promise<Report> {
  const { seed, weather, latencyMs } = script;
  const { host, verbose = false } = options;
  const world = new World({ seed, weather, latencyMs, verbose }, host);
  settle(world, script);
  const stage = new Stage(world, script, new Author(Random.of(seed, 'model'), script));
  if (options.director !== undefined) world.director = options.director;
  options.prepare?.(stage);
  world.watchers.push(pulls(stage), decidesProposals(stage), ...options.watchers.map((make) => make(stage)));
  let violation: Report['violation'] = null;
  try {
    await play(stage);
    await calm(stage);
    world.tell((watcher) => watcher.ended?.());
    if (world.violation !== null) throw world.violation;
  } catch (error) {
    const known = error instanceof Violation ? error : null;
    const message = known?.message ?? String((error as Error).stack ?? error);
    violation = { invariant: known?.invariant ?? 0, message, step: world.steps };
  }
  for (const incarnation of world.incarnations) incarnation.dead = true;
  return {
    seed,
    steps: world.steps,
    events: world.events,
    hash: world.trace.hash,
    faults: world.faults.counts,
    incarnations: world.incarnations.length,
    simulatedMs: world.now,
    violation,
    summary: world.technology.summary(),
    trace: world.trace.lines,
  };
}

/** Where the repository is kept. */
function settle(world: World, { forge, isRemote }: Script): void {
  if (forge !== undefined) {
    const { reverts, otherPlan, hasDeployments, refuses } = forge;
    world.forge = new SimForge({ reverts, otherPlan }, hasDeployments, new Set(refuses));
  }
  if (isRemote === true) world.remote = new Remote(world);
}

/** The first commit, a controller, and then act by act. */
async function play(stage: Stage): Promise<void> {
  const { world, script } = stage;
  publish(stage, 'Begin');
  stage.installations[0].on();
  for (const act of script.acts) {
    if (world.steps >= script.steps) return;
    const at = world.now + act.afterMs;
    let arrived = false;
    const due = world.schedule(at, 0, () => {
      arrived = true;
      world.change(`act ${act.kind} ${act.seed}`);
      world.tell((watcher) => watcher.acted?.(act));
      perform(stage, act);
    });
    while (!arrived && world.steps < script.steps) if (!(await world.step())) return;
    // What people had still in mind does not happen any more.
    due.cancelled = !arrived;
  }
}
