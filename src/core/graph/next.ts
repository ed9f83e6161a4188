import type { DesiredSolution } from '../base/desired.js';
import type { ElementKey, SolutionName } from '../base/names.js';
import type { Change } from './change.js';
import { evaluate } from './evaluate.js';
import { judge } from './judge.js';
import type { AcceptedModel } from './model.js';
import type { DesiredDomain, Validation, ValidatedTip } from './types.js';

export interface NextModel {
  readonly model: AcceptedModel;
  readonly desired: DesiredDomain;
  readonly validation: Validation;
}

/** The model after a change, and the verdict on it. The base stays as it is: a rejected change is simply forgotten. */
export function nextModel(
  base: AcceptedModel | null,
  change: Change,
  previousTip: ValidatedTip | null,
): NextModel {
  const evaluated = evaluate(base, change);
  const { validation, desired } = judge(evaluated, change, base, previousTip);
  const model: AcceptedModel = {
    tree: change.tree,
    environment: change.environment,
    domain: change.domain,
    domains: change.domains,
    tables: evaluated.edits.seal(),
    nextRank: evaluated.nextRank,
    cycles: evaluated.cycles,
    desired,
  };
  return { model, desired: desiredDomain(model, desired), validation };
}

function desiredDomain(
  model: AcceptedModel,
  solutions: ReadonlyMap<SolutionName, DesiredSolution>,
): DesiredDomain {
  const { consumers } = model.tables;
  return {
    name: model.domain.name,
    folder: model.domain.folder,
    solutions,
    consumers: (key: ElementKey) => [...(consumers.get(key) ?? [])].sort(),
  };
}
