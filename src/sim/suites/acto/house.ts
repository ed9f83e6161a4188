import { hasErrors, type Diagnostic } from '../../../core/base/diagnostic.js';
import type { InstanceId, Revision } from '../../../core/base/names.js';
import type { Json } from '../../../core/base/data.js';
import type { RevisionState } from '../../../core/rollout/domain.js';
import type { Engine } from '../../../engine/engine.js';
import type { EnginePorts } from '../../../engine/ports.js';
import type { Provider } from '../../../ports/provider.js';
import { wallStart } from '../../clock.js';
import { Random } from '../../random.js';
import { mainRef, type Files } from '../../repository.js';
import { Stage } from '../../stage.js';
import { Violation, type Watcher } from '../../watcher.js';
import { Author } from '../../workload/author.js';
import { World, type Host } from '../../world.js';

const pollMs = 5_000;
/** Events after which nothing more is hoped for. */
const patience = 30_000;

/** What was wrong with a commit: everything, located. */
export interface Verdict {
  readonly revision: Revision;
  readonly state: RevisionState['state'];
  readonly diagnostics: readonly Diagnostic[];
  /** Of each solution in scope, and whether its rollout waits for people. */
  readonly verdicts: readonly string[];
  readonly holds: readonly string[];
  readonly paused: readonly string[];
}

/** A world without faults, one controller in it, and a person who commits and looks. */
export class House {
  readonly stage: Stage;
  readonly world: World;
  /** Asked of technologies since the beginning. */
  mutations = 0;
  /** What each instance was last given, in the clear. */
  readonly configurations = new Map<InstanceId, Json>();
  private tip: Revision | null = null;

  constructor(
    host: Host,
    about: { readonly seed: number; readonly watchers: readonly ((stage: Stage) => Watcher)[] },
  ) {
    const { seed } = about;
    const script = { seed, weather: {}, latencyMs: 40, pollMs, restartMs: 1_000, steps: patience, acts: [] };
    this.world = new World({ seed, weather: {}, latencyMs: script.latencyMs }, host);
    this.world.wrapPorts = (ports) => this.listening(ports);
    this.stage = new Stage(this.world, script, new Author(Random.of(seed, 'model')));
    this.world.watchers.push(
      { begun: () => void this.mutations++ },
      ...about.watchers.map((make) => make(this.stage)),
    );
  }

  get engine(): Engine {
    const engine = this.stage.active.current?.engine ?? null;
    if (engine === null)
      throw new Violation(0, `there is no engine: ${this.stage.active.lastRefusal ?? 'not started'}`);
    return engine;
  }

  /** Commits these files and no others, and waits until nothing happens any more. @throws Violation */
  async commit(files: Files): Promise<Verdict> {
    const { world, stage } = this;
    const { repository, now } = world;
    const revision = repository.commit(files, this.tip, 'Change the model', wallStart + now);
    this.tip = revision;
    world.swap(mainRef, revision, null);
    if (stage.active.isOff) stage.installations[0].on();
    else stage.hint();
    await this.rest();
    return this.verdictOf(revision);
  }

  /** Until nothing changes for longer than a poll. @throws Violation where that never comes. */
  async rest(): Promise<void> {
    const { world } = this;
    let steps = world.steps;
    let since = world.now;
    for (let events = 0; events < patience; events++) {
      if (!(await world.step())) throw new Violation(14, 'nobody is there any more');
      if (world.steps !== steps) {
        steps = world.steps;
        since = world.now;
      }
      if (world.now - since >= pollMs + 1_000 && this.isQuiet()) return;
    }
    throw new Violation(14, `no rest within ${patience} events`);
  }

  end(): void {
    this.world.tell((watcher) => watcher.ended?.());
    for (const incarnation of this.world.incarnations) incarnation.dead = true;
    if (this.world.violation !== null) throw this.world.violation;
  }

  private isQuiet(): boolean {
    const engine = this.stage.active.current?.engine ?? null;
    if (engine === null || !engine.status.isIdle) return false;
    return engine.isSettled || this.pausedSolutions().length > 0;
  }

  private pausedSolutions(): string[] {
    return [...this.engine.core.state.tables.solutions.values()]
      .filter(({ rollout }) => rollout?.phase === 'paused' || rollout?.phase === 'failed')
      .map(({ name, rollout }) => `${name}: ${rollout?.reason ?? ''}`);
  }

  private verdictOf(revision: Revision): Verdict {
    const { domain } = this.engine.core.state;
    const known = domain.revisions.get(revision);
    if (known === undefined) throw new Violation(12, `${revision} was never looked at`);
    return {
      revision,
      state: known.state,
      diagnostics: known.diagnostics.filter((diagnostic) => hasErrors([diagnostic])),
      verdicts: Object.entries(known.verdicts).map(([scope, { verdict }]) => `${scope} ${verdict}`),
      holds: [...domain.holds.keys()],
      paused: this.pausedSolutions(),
    };
  }

  /** Notes what providers are given: of that a resource keeps a digest alone. */
  private listening(ports: EnginePorts): EnginePorts {
    const { providers } = ports;
    const wrapped = new Map<Provider, Provider>();
    const wrap = (provider: Provider): Provider => {
      const known = wrapped.get(provider) ?? {
        ...provider,
        apply: (transition, task, ctx) => {
          if (transition === 'configure' || transition === 'reconfigure')
            this.configurations.set(task.id, task.configuration);
          return provider.apply(transition, task, ctx);
        },
      };
      wrapped.set(provider, known);
      return known;
    };
    return {
      ...ports,
      providers: {
        ...providers,
        get(name) {
          const provider = providers.get(name);
          return provider === null ? null : wrap(provider);
        },
      },
    };
  }
}
