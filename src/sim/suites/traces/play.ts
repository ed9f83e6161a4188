import type { Revision } from '../../../core/base/names.js';
import { isFinal } from '../../../core/rollout/domain.js';
import { engineOf } from '../../calm.js';
import type { Director } from '../../director.js';
import { Random } from '../../random.js';
import { mainRef, type Files } from '../../repository.js';
import { Stage } from '../../stage.js';
import { Violation, type Watcher } from '../../watcher.js';
import { Author } from '../../workload/author.js';
import { World, type Host } from '../../world.js';
import { endingOf, type Ending } from './ending.js';
import { filesAfter, type Trace, type TraceStep } from './traces.js';

const timing = { seed: 1, weather: {}, latencyMs: 8, pollMs: 20_000, restartMs: 300 } as const;
/** Nothing has changed for so long before the next step; in milliseconds. */
const quietMs = 2_000;
/** After what nobody tells of: until everything was looked at. */
const lookedMs = 2 * timing.pollMs + 1_000;
const patience = 20_000;

export interface PlayOptions {
  readonly host: Host;
  readonly watchers: readonly ((stage: Stage) => Watcher)[];
  readonly verbose?: boolean;
  readonly director?: (stage: Stage) => TraceDirector;
}

/** Steers a play, and has its turn after each event. */
export interface TraceDirector extends Director {
  /** Nothing that the engine could do at once is left. */
  afterEvent?(): void;
  /** People are about to do something, or the end is near. */
  beforeStep?(): void;
  /** A start may be refused for a moment by these codes: what it was shown is not to be believed. */
  readonly refusals?: readonly string[];
  /** What its supervisor waits for after a death; in milliseconds. */
  readonly restartMs?: number;
  /** An incarnation is dead and its supervisor will start another. */
  died?(): void;
}

export interface Played {
  readonly ending: Ending | null;
  readonly steps: number;
  readonly violation: { readonly invariant: number; readonly message: string } | null;
  readonly lines: readonly string[];
}

/** Plays a trace to its end: each step when the one before has come to rest. */
export async function playTrace(trace: Trace, options: PlayOptions): Promise<Played> {
  const { host, verbose = false } = options;
  const { seed, weather, latencyMs, pollMs, restartMs } = timing;
  const { isEphemeral = false } = trace;
  const world = new World({ seed, weather, latencyMs, steady: true, verbose }, host);
  const script = { seed, weather, latencyMs, pollMs, restartMs, steps: Infinity, acts: [], isEphemeral };
  const stage = new Stage(world, script, new Author(Random.of(seed, 'model')));
  world.watchers.push(...options.watchers.map((make) => make(stage)));
  const player = new Player(stage, options.director?.(stage) ?? {});
  const ended = await endOf(player, trace);
  for (const incarnation of world.incarnations) incarnation.dead = true;
  return {
    ...ended,
    steps: world.steps,
    lines: world.trace.lines,
  };
}

async function endOf(player: Player, trace: Trace): Promise<Pick<Played, 'ending' | 'violation'>> {
  try {
    return { ending: await player.play(trace), violation: null };
  } catch (error) {
    const known = error instanceof Violation ? error : null;
    const message = known?.message ?? String((error as Error).stack ?? error);
    return { ending: null, violation: { invariant: known?.invariant ?? 0, message } };
  }
}

class Player {
  private readonly commits: Revision[] = [];
  private readonly history: Files[] = [];
  private readonly mourned = new Set<number>();

  constructor(
    private readonly stage: Stage,
    private readonly director: TraceDirector,
  ) {
    stage.world.director = director;
  }

  async play(trace: Trace): Promise<Ending> {
    const { stage } = this;
    const { world } = stage;
    for (const [i, step] of trace.steps.entries()) {
      world.note(`step ${step.says}`);
      this.director.beforeStep?.();
      this.take(step);
      if (i === 0) stage.installations[0].on();
      await this.untilQuiet(step.kind === 'act' ? lookedMs : quietMs);
    }
    this.director.beforeStep?.();
    world.tell((watcher) => watcher.calmed?.());
    await this.untilQuiet(lookedMs);
    this.director.beforeStep?.();
    const engine = engineOf(stage);
    if (engine === null) throw new Violation(16, 'no controller is there at the end');
    world.tell((watcher) => watcher.again?.());
    engine.core.inbox.push({ kind: 'tip' });
    await this.untilQuiet(quietMs);
    world.tell((watcher) => watcher.ended?.());
    if (world.violation !== null) throw world.violation;
    return endingOf(world, engine, this.commits);
  }

  private take(step: TraceStep): void {
    if (step.kind === 'act') return step.act(this.stage);
    const { world } = this.stage;
    const files = filesAfter(step, this.history);
    if (files === null) throw new RangeError(`${step.says}: no such commit`);
    this.history.push(files);
    const parent = this.commits.at(-1) ?? null;
    const revision = world.repository.commit(files, parent, step.says, 1_714_737_600_000 + world.now);
    this.commits.push(revision);
    world.swap(mainRef, revision, null);
    this.stage.hint();
  }

  private async untilQuiet(forMs: number): Promise<void> {
    const { world } = this.stage;
    let { steps, now: since } = world;
    for (let events = 0; events < patience; events++) {
      if (!(await world.step())) throw new Violation(16, 'nobody is there any more');
      this.director.afterEvent?.();
      this.supervise();
      if (world.steps !== steps) ({ steps, now: since } = world);
      if (world.now - since >= forMs && this.isQuiet()) return;
    }
    throw new Violation(16, `no rest within ${patience} events`);
  }

  /** Its supervisor starts again what a director has ended; what comes up must be able to. */
  private supervise(): void {
    const { stage } = this;
    const allowed = ['claim.refused', ...(this.director.refusals ?? [])];
    for (const installation of stage.installations) {
      const { current, isOff, lastRefusal } = installation;
      if (lastRefusal !== null && !allowed.includes(lastRefusal))
        throw new Violation(16, `a start was refused: ${lastRefusal}`);
      if (current === null || !current.dead || current.hasEnded || isOff) continue;
      if (this.mourned.has(current.number)) continue;
      this.mourned.add(current.number);
      this.director.died?.();
      installation.restart(this.director.restartMs ?? stage.script.restartMs);
    }
  }

  private isQuiet(): boolean {
    const { stage } = this;
    const engine = engineOf(stage);
    if (engine === null || !engine.isSettled || !engine.status.isIdle) return false;
    const { domain } = engine.core.state;
    const tip = stage.world.repository.refs.get(mainRef) ?? null;
    const judged = tip === null ? undefined : domain.revisions.get(tip as Revision);
    return domain.tip === tip && judged !== undefined && isFinal(judged);
  }
}
