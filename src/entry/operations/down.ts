import type { State } from '../../core/journal/fold.js';
import type { Engine } from '../../engine/engine.js';
import type { OperatorRequest } from '../../ports/operator.js';
import type { ActView, DownHooks, DownRequest } from '../cli/operations.js';
import { refuseIfStopped, requested, whileRunning } from './act.js';
import { interrupted } from './failures.js';
import { written } from './ending.js';
import { askDaemon, whenAborted } from './daemon.js';
import { followDown } from './down-follow.js';
import { endGateway } from './gateway-end.js';
import { countElements, detachedIn, gone, inOrderOfGoing, remaining, stillThere } from './going.js';
import type { Looking } from './looking.js';
import { whileLooking } from './looking.js';
import { locate } from './place.js';
import { whoAsks } from './who.js';

/** Takes everything of a domain down, consumers first, by its daemon or here. */
export function down(version: string, request: DownRequest, hooks: DownHooks): Promise<ActView> {
  return whileLooking(version, request, async (looking) => {
    const state = await looking.read();
    const instances = inOrderOfGoing(state);
    if (!(await hooks.approve(instances))) return { done: false, message: 'nothing was taken down' };
    const operator: OperatorRequest = {
      verb: 'down',
      reason: request.reason,
      who: await whoAsks(looking.location),
    };
    const answer = await askDaemon<ActView>(looking.location, operator);
    const view =
      answer === null
        ? await downHere(looking, state, { operator, request, hooks })
        : answer.done
          ? await followDown(looking, countElements(state), { request, hooks })
          : answer;
    if (view.done) await endGateway(looking.wired, state.domain.id);
    return view;
  });
}

interface Asked {
  readonly request: DownRequest;
  readonly hooks: DownHooks;
}

async function downHere(
  { version, location }: Looking,
  state: State,
  { operator, request, hooks }: Asked & { readonly operator: OperatorRequest },
): Promise<ActView> {
  const total = countElements(state);
  if (total === 0 && state.domain.tip === null)
    return { done: true, message: `nothing of ${location.domain} runs` };
  // The session closes what it was given, and we go on looking.
  const own = await locate(request);
  return whileRunning(version, own, { verb: 'down' }, async ({ engine }) => {
    const answer = await requested(engine, operator);
    if (!answer.done) return answer;
    const untold = tell(engine, total, hooks);
    const ending = await comeDown(engine, request);
    untold();
    if (ending === 'aborted') throw interrupted(inOrderOfGoing(engine.core.state).length, 'heliostat down');
    refuseIfStopped(engine);
    await written(engine);
    return ending === 'gone' ? gone(location.domain, detachedIn(engine.core.state)) : left(engine, ending);
  });
}

type Ending = 'gone' | 'stuck' | 'timeout' | 'aborted';

async function comeDown(engine: Engine, { signal, timeoutMs }: DownRequest): Promise<Ending> {
  const { state } = engine.core;
  const isGone = (): boolean => countElements(state) === 0;
  const ended = engine
    .until(() => isGone() || isStuck(engine))
    .then((): Ending => (isGone() ? 'gone' : 'stuck'));
  const timer: { id?: NodeJS.Timeout } = {};
  const late = new Promise<Ending>((resolve) => {
    if (timeoutMs !== null) timer.id = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  const ending = await Promise.race<Ending>([ended, late, whenAborted(signal)]);
  clearTimeout(timer.id);
  return ending;
}

/** All that is left waits for a person, or for its next round of tries much later. */
function isStuck(engine: Engine): boolean {
  return engine.isSettled && troubles(engine).length > 0;
}

function troubles({ core }: Engine): string[] {
  return remaining(core.state).flatMap((element) =>
    [...element.clusters.values()].flatMap((cluster) =>
      [...cluster.instances.values()].flatMap(({ id, trouble }) => {
        const foreign = core.facts.seen(id).foreignHome;
        if (foreign !== null) return [`${id} belongs to ${foreign}`];
        return trouble?.exhausted === true
          ? [`${id}: ${trouble.transition} failed ${trouble.failures} times: ${trouble.reason}`]
          : [];
      }),
    ),
  );
}

function left(engine: Engine, ending: Ending): ActView {
  const what = stillThere(countElements(engine.core.state));
  const why = troubles(engine)[0];
  const after = ending === 'timeout' ? ' after the time that was given' : '';
  return {
    done: false,
    message: `${what}${after}${why === undefined ? '' : `: ${why}`}. Go on with heliostat down`,
  };
}

function tell(engine: Engine, total: number, hooks: DownHooks): () => void {
  const follower = ({ entry }: { readonly entry: unknown }): void => {
    const { kind, transition, instance } = entry as { kind: string; transition?: string; instance?: string };
    if (kind !== 'operation.begun' && kind !== 'element.gone') return;
    const message = instance === undefined ? '' : `${transition ?? ''} ${instance}`;
    hooks.progress({
      solution: null,
      phase: null,
      done: total - countElements(engine.core.state),
      total,
      message,
    });
  };
  engine.core.followers.add(follower);
  return () => engine.core.followers.delete(follower);
}
