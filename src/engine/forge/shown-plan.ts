import type { DomainName, Revision } from '../../core/base/names.js';
import { marker } from '../../core/status/comment/document.js';
import { readComment } from '../../core/status/comment/read.js';
import type { Hold, Plan } from '../../core/plan/types.js';
import type { Forge } from '../../ports/forge.js';

/** What a pull request has shown of a domain before it was merged. */
export interface ShownPlan {
  /** Null: none that could be read. */
  readonly digest: string | null;
  /** Null: which one it was cannot be found out. */
  readonly pullRequest: number | null;
}

export type Shown =
  /** Null: it came by no pull request. */
  | { readonly kind: 'read'; readonly plan: ShownPlan | null }
  | { readonly kind: 'unavailable'; readonly message: string };

/** The plan in the comment of the pull request that a commit came by. */
export async function shownPlan(forge: Forge, domain: DomainName, revision: Revision): Promise<Shown> {
  const pulls = await forge.pullRequestsOf(revision);
  if (pulls.kind === 'unavailable') return pulls;
  if (pulls.kind === 'refused') return { kind: 'read', plan: { digest: null, pullRequest: null } };
  const [came] = pulls.value.filter(({ merged }) => merged === revision);
  if (came === undefined) return { kind: 'read', plan: null };
  const comment = await forge.comment(came.number, marker);
  if (comment.kind === 'unavailable') return comment;
  const body = comment.kind === 'ok' ? (comment.value?.body ?? '') : '';
  const digest = readComment(body)?.sections.get(domain)?.memory.planDigest ?? null;
  return { kind: 'read', plan: { digest, pullRequest: came.number } };
}

export const otherPlan = 'plan.other';

/** Where another plan than the one that was shown is to wait for a person. */
export function otherPlanHold(domain: DomainName, shown: ShownPlan | null, made: Plan): Hold[] {
  // Who has nothing to do differs from nothing.
  if (shown === null || shown.digest === made.digest || made.changes.length === 0) return [];
  return [
    {
      id: otherPlan,
      code: otherPlan,
      reason: whyOther(shown, made),
      releasedBy: 'an operator, who has read the plan as it is now',
      command: `heliostat approve ${otherPlan} --domain ${domain} --reason TEXT`,
    },
  ];
}

function whyOther({ digest, pullRequest }: ShownPlan, made: Plan): string {
  if (pullRequest === null) return 'whether a pull request has shown this plan cannot be found out';
  if (digest === null)
    return `pull request #${pullRequest} has shown no plan of this domain that can be read`;
  return `the plan is another one than pull request #${pullRequest} has shown: ${made.digest.slice(0, 14)}, shown was ${digest.slice(0, 14)}`;
}
