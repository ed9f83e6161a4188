import type { OperatorRequest } from '../../ports/operator.js';
import type { Engine } from '../../engine/engine.js';
import type { ActView, ApplyView, OperatorAct } from '../cli/operations.js';
import { Failure } from '../cli/operations.js';
import { applyView, isThere, written } from './ending.js';
import { askDaemon, whenAborted } from './daemon.js';
import { interrupted } from './failures.js';
import { inOrderOfGoing } from './going.js';
import { canBeNoted, note } from './note.js';
import type { Location } from './place.js';
import { locate } from './place.js';
import type { Session, SessionOptions } from './session.js';
import { statusRewritten } from '../../engine/status-branch.js';
import { openSession } from './session.js';
import { whoAsks } from './who.js';

type Ask = (by: { readonly who: string; readonly reason: string }) => OperatorRequest;

/**
 * Has a daemon do it; where there is none it is done here, until everything that follows has come to its end. Where
 * another may do it, or is at it, it is left on the status branch for him.
 */
export async function act(version: string, request: OperatorAct, ask: Ask): Promise<ActView> {
  const location = await locate(request);
  try {
    const operator = ask({ who: await whoAsks(location), reason: request.reason });
    const asked = await askDaemon<ActView>(location, operator);
    if (asked !== null) return asked;
    try {
      return await actHere(version, location, operator, request.signal);
    } catch (error) {
      if (!(error instanceof Failure) || !canBeNoted(error, operator)) throw error;
      // Whoever tried to be the controller has closed what he had.
      return await note(version, await locate(request), operator, error);
    }
  } finally {
    await location.repository.close();
  }
}

async function actHere(
  version: string,
  location: Location,
  operator: OperatorRequest,
  signal: AbortSignal,
): Promise<ActView> {
  const accept =
    operator.verb === 'release' && operator.hold === statusRewritten
      ? { who: operator.who, reason: operator.reason }
      : null;
  return whileRunning(version, location, { verb: operator.verb, accept }, async ({ engine, accepted }) => {
    const answer: ActView = accepted
      ? { done: true, message: 'the status branch is taken as it is, and written anew' }
      : await requested(engine, operator);
    if (!answer.done) return answer;
    const isAtOnce = operator.verb === 'detach' || operator.verb === 'pause';
    if (accepted) refuseIfStopped(engine);
    else if (!isAtOnce) {
      const ended = engine.until(() => isThere(engine)).then(() => 'there' as const);
      if ((await Promise.race([ended, whenAborted(signal)])) === 'aborted')
        throw interrupted(inOrderOfGoing(engine.core.state).length);
      refuseIfStopped(engine);
    }
    await written(engine, isAtOnce ? 'happened' : 'all');
    return accepted ? answer : afterwards(engine, operator.verb, answer);
  });
}

/** A controller in this process, for what it is asked only. */
export async function whileRunning<T>(
  version: string,
  location: Location,
  about: { readonly verb: string; readonly accept?: SessionOptions['acceptRewritten'] },
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(
    location,
    {
      version,
      takeover: false,
      log: 'file',
      level: 'info',
      requestsOnly: true,
      acceptRewritten: about.accept ?? null,
    },
    `heliostat ${about.verb}`,
  );
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

export async function requested(engine: Engine, request: OperatorRequest): Promise<ActView> {
  const reply = new Promise<ActView>((resolve) =>
    engine.core.inbox.push({ kind: 'request', request, answer: (given) => resolve(given as ActView) }),
  );
  const stopped = engine.until(() => false).then(() => null);
  const answer = await Promise.race([reply, stopped]);
  refuseIfStopped(engine);
  return answer ?? { done: false, message: 'the controller ended before it was done' };
}

export function refuseIfStopped(engine: Engine): void {
  if (engine.stoppedBecause === null) return;
  throw new Failure(
    'engine.stopped',
    engine.stoppedBecause,
    'Mend what it says, look (heliostat status), and try again.',
  );
}

function afterwards(engine: Engine, verb: OperatorRequest['verb'], answer: ActView): ActView {
  switch (verb) {
    case 'detach':
    case 'pause':
    case 'abort':
      return answer;
    case 'restart':
      return restarted(engine, answer);
    default:
      return withVerdict(engine, answer);
  }
}

function restarted(engine: Engine, answer: ActView): ActView {
  const left = [...engine.core.state.tables.solutions.values()].flatMap(({ elements }) =>
    [...elements.values()].flatMap(({ key, restart }) => (restart == null ? [] : [key])),
  );
  return left.length === 0
    ? { done: true, message: `${answer.message}; all were` }
    : { done: false, message: `${answer.message}; not all of ${left.join(', ')} yet: heliostat status` };
}

/** What has become of it; not done where what follows did not end well. */
function withVerdict(engine: Engine, answer: ActView): ActView {
  const { state } = engine.core;
  const { tip } = state.domain;
  if (tip === null) return answer;
  const view: Omit<ApplyView, 'sourceLine'> = applyView(state, tip, 'verdict', new Set());
  const because = view.reason === null ? '' : `: ${view.reason}`;
  return {
    done: view.verdict === 'applied',
    message: `${answer.message}; ${view.revision.slice(0, 7)} is ${view.verdict}${because}`,
  };
}
