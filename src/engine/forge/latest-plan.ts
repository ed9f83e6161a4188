import type { Revision } from '../../core/base/names.js';
import type { Plan } from '../../core/plan/types.js';

/** The plan that was made last, whole: what differs from the one that was shown is told from it. */
export class LatestPlan {
  private latest: { readonly revision: Revision; readonly plan: Plan } | null = null;

  keep(revision: Revision, plan: Plan): void {
    this.latest = { revision, plan };
  }

  of(revision: Revision): Plan | null {
    return this.latest?.revision === revision ? this.latest.plan : null;
  }
}
