import type { DomainName, Revision } from '../../core/base/names.js';
import { marker } from '../../core/status/comment/document.js';
import { readComment } from '../../core/status/comment/read.js';
import type { Hold, Plan } from '../../core/plan/types.js';
import type { Forge } from '../../ports/forge.js';

/** What a pull request has shown of a domain before it was merged. */
export interface ShownPlan {
  readonly digest: string;
  readonly pullRequest: number;
}

export type Shown =
  /** Null: no pull request has shown any. */
  | { readonly kind: 'read'; readonly plan: ShownPlan | null }
  | { readonly kind: 'unavailable'; readonly message: string };

/** The plan in the comment of the pull request that a commit came by. */
export async function shownPlan(forge: Forge, domain: DomainName, revision: Revision): Promise<Shown> {
  const pulls = await forge.pullRequestsOf(revision);
  if (pulls.kind === 'unavailable') return pulls;
  if (pulls.kind === 'refused') return { kind: 'read', plan: null };
  for (const { number, merged } of pulls.value) {
    if (merged !== revision) continue;
    const comment = await forge.comment(number, marker);
    if (comment.kind === 'unavailable') return comment;
    const body = comment.kind === 'ok' ? (comment.value?.body ?? '') : '';
    const digest = readComment(body)?.sections.get(domain)?.memory.planDigest ?? null;
    if (digest !== null) return { kind: 'read', plan: { digest, pullRequest: number } };
  }
  return { kind: 'read', plan: null };
}

export const otherPlan = 'plan.other';

/** Where another plan than the one that was shown is to wait for a person. */
export function otherPlanHold(domain: DomainName, shown: ShownPlan | null, made: Plan): Hold[] {
  if (shown === null || shown.digest === made.digest) return [];
  return [
    {
      id: otherPlan,
      code: otherPlan,
      reason: `the plan is another one than pull request #${shown.pullRequest} has shown: ${made.digest.slice(0, 14)}, shown was ${shown.digest.slice(0, 14)}`,
      releasedBy: 'an operator, who has read the plan as it is now',
      command: `heliostat approve ${otherPlan} --domain ${domain} --reason TEXT`,
    },
  ];
}
