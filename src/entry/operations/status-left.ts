import { factsOver, unseen } from '../../core/rollout/world.js';
import { statusView } from '../../core/status/summary.js';
import type { ConditionView, StatusView } from '../../core/status/view.js';
import { Failure } from '../cli/operations.js';
import { controllerOf } from './controller.js';
import { askDaemon } from './daemon.js';
import type { LeftBehind } from './left-behind.js';
import { domainIdOf } from './observe.js';
import { journalState } from './state.js';

/** What runs, where the repository cannot be read: from the daemon, else what the journal remembers. */
export async function statusLeft(left: LeftBehind): Promise<StatusView> {
  const view = await askDaemon<StatusView>(left.location, { verb: 'status' });
  return view === null ? remembered(left) : withoutRepository(view, left.why);
}

/** The daemon may not have noticed yet, or may still have what its caller cannot reach. */
export function withoutRepository(view: StatusView, why: string): StatusView {
  if (view.conditions.some(({ type }) => type === unreachable)) return view;
  return { ...view, healthy: false, conditions: [gone(why), ...view.conditions] };
}

const unreachable = 'unreachable';

/** Nothing is looked at: what the operator keeps secret may not be known here, and could not be masked. */
async function remembered({ location, wired, why }: LeftBehind): Promise<StatusView> {
  const state = await journalState(location, wired);
  if (state === null)
    throw new Failure('git.gone', gone(why).message, 'Bring the repository back to where it was.');
  const facts = factsOver({
    tables: state.tables,
    domainId: domainIdOf(state),
    traits: {
      address: () => '',
      needsPort: () => false,
      portRange: () => [0, 0],
      reconfigureInterrupts: () => false,
    },
    now: () => Number.MAX_SAFE_INTEGER,
    seen: () => unseen,
  });
  const condition = gone(`${why}; no daemon answers, and this is what the state folder remembers`);
  return statusView(state, facts, {
    controller: controllerOf(state),
    observedAtMs: null,
    conditions: [condition],
  });
}

function gone(why: string): ConditionView {
  return {
    type: unreachable,
    reason: 'git.gone',
    message: `the repository cannot be read: ${why}`,
    sinceMs: 0,
    command: 'heliostat explain git.gone',
  };
}
