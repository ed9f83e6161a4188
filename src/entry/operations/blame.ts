import type { ElementKey, SolutionName } from '../../core/base/names.js';
import type { ValueChange } from '../../core/plan/types.js';
import { blameElement, type Attempt } from '../../core/status/blame.js';
import { quarantinedView, revertView, takenBack, verdictOfPhase } from '../../core/status/history.js';
import { Failure, type BlameRequest, type BlameView, type BlamedChange } from '../cli/operations.js';
import type { BlamedElement } from '../cli/operations.js';
import { whileLooking } from './looking.js';
import { pastOf, type Past } from './past.js';

/** Which commits made what runs be what it is, element by element. */
export function blame(version: string, request: BlameRequest): Promise<BlameView> {
  return whileLooking(version, request, async (looking) => {
    const past = await pastOf(looking);
    const [, solution = '', element] = request.target.split('/');
    const keys = elementsOf(past, solution as SolutionName).filter(
      (key) => element === undefined || key === `${solution}/${element}`,
    );
    if (keys.length === 0)
      throw new Failure(
        'blame.nothing',
        `nothing of ${request.target} was ever rolled out`,
        'See what was: heliostat history',
      );
    return {
      domain: looking.location.domain,
      target: request.target,
      down: past.state.domain.down,
      elements: await Promise.all(keys.map((key) => blamed(past, solution as SolutionName, key))),
    };
  });
}

/** What there is; of a solution that is gone what there was last. */
function elementsOf({ state, of }: Past, solution: SolutionName): ElementKey[] {
  const there = [...(state.tables.solutions.get(solution)?.elements.values() ?? [])].map(({ key }) => key);
  const changed = of(solution).flatMap(({ changes }) => changes.map((change) => change.element));
  return [...new Set([...there, ...changed])].sort();
}

async function blamed(past: Past, solution: SolutionName, key: ElementKey): Promise<BlamedElement> {
  const elements = past.state.tables.solutions.get(solution)?.elements;
  const target = [...(elements?.values() ?? [])].find((element) => element.key === key)?.target ?? null;
  const aspects = blameElement(key, target, past.of(solution)).map(async ({ aspect, value, by, undone }) => ({
    aspect,
    value,
    by: by === null ? null : await changed(past, key, by),
    undone: await Promise.all(undone.map((attempt) => changed(past, key, attempt))),
  }));
  return { element: key, aspects: await Promise.all(aspects) };
}

async function changed(past: Past, key: ElementKey, attempt: Attempt): Promise<BlamedChange> {
  const { rollout, before, after, values } = attempt;
  const own = past.of(rollout.solution);
  const [words, aftermath] = await Promise.all([past.words(rollout.revision), past.aftermath(rollout)]);
  const reverts = takenBack(rollout, own.slice(own.indexOf(rollout) + 1), words);
  return {
    revision: rollout.revision,
    author: words.author,
    subject: words.subject,
    pullRequest: words.pullRequest ?? null,
    committedAtMs: words.committedMs,
    rollout: rollout.id,
    startedAtMs: rollout.startedWallMs,
    endedAtMs: rollout.endedWallMs,
    verdict: verdictOfPhase(rollout.phase),
    reason: rollout.reason,
    before,
    after,
    values: values.map((value: ValueChange) => ({ ...value })),
    reverts,
    revertMadeBy: reverts === null ? null : words.automatic === true ? 'heliostat' : 'person',
    revert: revertView(aftermath.revert),
    quarantined: quarantinedView(rollout, aftermath.kept).filter(
      ({ element }) => `${rollout.solution}/${element}` === key,
    ),
  };
}
