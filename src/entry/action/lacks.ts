import type { Lack } from '../../core/status/comment/lacks.js';
import type { Abilities } from '../../ports/forge.js';
import type { ActionInputs } from './inputs.js';
import type { Task } from './step.js';

/** What will be refused later, as far as it is known; what is only not known stays in the log. */
export async function findLacks({ work, step, inputs }: Task): Promise<readonly Lack[]> {
  const answer = (await work.forge?.abilities()) ?? null;
  if (answer?.kind !== 'ok') return [];
  for (const { message, fix } of answer.value.remarks) step.runner.say(`${message}. ${fix}`);
  return lacksOf(answer.value, inputs);
}

/** Reverts are proposed by whoever applies: where that is a daemon, it has credentials of its own. */
export function lacksOf(
  abilities: Abilities,
  { appliedBy, reverts }: Pick<ActionInputs, 'appliedBy' | 'reverts'>,
): readonly Lack[] {
  const proposes = appliedBy === 'action' && reverts !== 'commit';
  const may = [abilities.comments, abilities.statuses, abilities.deployments, abilities.pushes];
  return abilities.remarks.filter(({ code }) => {
    switch (code) {
      case 'forge.proposalsOff':
        return proposes && abilities.proposals === 'no';
      case 'forge.noChecks':
        return proposes && abilities.startsChecks === 'no';
      case 'forge.permissionsUnknown':
        return false;
      default:
        return may.includes('no') || (proposes && abilities.proposals === 'no');
    }
  });
}
