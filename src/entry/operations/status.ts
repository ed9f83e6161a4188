import type { State } from '../../core/journal/fold.js';
import { statusView } from '../../core/status/summary.js';
import type { ConditionView, StatusView } from '../../core/status/view.js';
import type { StatusRequest } from '../cli/operations.js';
import { askDaemon, followDaemon, pause } from './daemon.js';
import type { Looking } from './looking.js';
import { whileLooking } from './looking.js';
import type { LeftBehind } from './left-behind.js';
import { whileLookingAnyhow } from './left-behind.js';
import { controllerOf } from './controller.js';
import { factsFrom, observeOnce } from './observe.js';
import { statusBack } from './status-back.js';
import { statusLeft, withoutRepository } from './status-left.js';
import { rewritten } from './state.js';
import { statusRewritten } from '../../engine/status-branch.js';
import { trackedTip } from './tracked.js';

const pollMs = 2_000;

/** What runs: from the daemon, or by looking once; or what the status branch remembers. */
export function status(version: string, request: StatusRequest): Promise<StatusView> {
  const { at, signal } = request;
  if (at !== null) return whileLooking(version, request, (looking) => statusBack(looking, at));
  return statusAnyhow(version, request, signal);
}

function statusAnyhow(version: string, request: StatusRequest, signal: AbortSignal): Promise<StatusView> {
  return whileLookingAnyhow(version, request, (looking) => statusNow(looking, signal), statusLeft);
}

export async function statusNow(looking: Looking, signal: AbortSignal): Promise<StatusView> {
  return (await askDaemon<StatusView>(looking.location, { verb: 'status' })) ?? lookOnce(looking, signal);
}

/** There is no daemon: what the journal knows, and every instance observed once. */
async function lookOnce(looking: Looking, signal: AbortSignal): Promise<StatusView> {
  const { wired } = looking;
  const state = await looking.read();
  const seen = await observeOnce(state, wired, signal);
  return statusView(state, factsFrom(state, wired, seen), {
    controller: controllerOf(state),
    observedAtMs: wired.ports.clock.wallMs(),
    conditions: [
      ...(await unreachableRemote(looking)),
      ...(await rewrittenBranch(looking, state)),
      ...(await unappliedTip(looking, state)),
    ],
  });
}

async function unreachableRemote({ wired }: Looking): Promise<ConditionView[]> {
  const away = (await wired.ports.refs.away?.()) ?? null;
  if (away === null) return [];
  const { code, message } = away;
  return [{ type: 'unreachable', reason: code, message, sinceMs: 0, command: 'heliostat doctor' }];
}

async function rewrittenBranch({ location, wired }: Looking, state: State): Promise<ConditionView[]> {
  const message = await rewritten(location, wired, state);
  if (message === null) return [];
  const command = `heliostat approve ${statusRewritten} --domain ${location.domain} --reason TEXT`;
  return [{ type: 'stopped', reason: statusRewritten, message, sinceMs: 0, command }];
}

/** Nobody follows the branch: a commit that came since waits for an `apply`. */
async function unappliedTip({ location }: Looking, state: State): Promise<ConditionView[]> {
  const { branch, tip } = await trackedTip(location, state);
  if (tip === null || tip === state.domain.tip) return [];
  const first = state.domain.tip === null;
  return [
    {
      type: 'behind',
      reason: 'tip',
      message: `${tip.slice(0, 7)}, the tip of ${branch}, was not applied${first ? '' : ' yet'}, and nothing follows the branch`,
      sinceMs: (await location.repository.source.commit(tip))?.committedMs ?? 0,
      command: 'heliostat apply',
    },
  ];
}

/** The present status, and again whenever it changed; from the daemon as long as there is one. */
export async function* watchStatus(version: string, request: StatusRequest): AsyncGenerator<StatusView> {
  const { signal } = request;
  let last = '';
  while (!signal.aborted) {
    const follow = ({ location }: Pick<Looking | LeftBehind, 'location'>) =>
      followDaemon<StatusView>(location, { verb: 'watch' }, signal);
    let why: string | null = null;
    const views = await whileLookingAnyhow(version, request, follow, (left) => {
      ({ why } = left);
      return follow(left);
    });
    if (views === null) {
      const view = await statusAnyhow(version, request, signal);
      if (isNews(view)) yield view;
    } else {
      try {
        for await (const told of views) {
          const view = why === null ? told : withoutRepository(told, why);
          if (isNews(view)) yield view;
        }
      } catch {
        // The daemon has ended: what it ran goes on, and so does the look at it.
      }
    }
    await pause(pollMs, signal);
  }

  function isNews(view: StatusView): boolean {
    const text = JSON.stringify({ ...view, observedAtMs: null });
    const news = text !== last;
    last = text;
    return news;
  }
}
