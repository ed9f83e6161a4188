import type { Diagnostic } from '../../../core/base/diagnostic.js';
import type { Revision } from '../../../core/base/names.js';
import { hasErrors } from '../../../core/base/diagnostic.js';
import type { State } from '../../../core/journal/fold.js';
import type { Applier, PlannedReport } from '../../../core/status/comment/types.js';
import type { PlanWanted } from '../../action/operations.js';
import type { Location } from '../place.js';
import type { PlanAndRead } from '../plan.js';
import { sharedChanges } from './changed-releases.js';
import { driftedElements } from './drifted.js';
import type { Bench } from './bench.js';

/** All that a pull request is told of one domain. */
export async function plannedReport(
  bench: Bench,
  location: Location,
  { view, read, drift }: PlanAndRead,
  { head, isFork, appliedBy }: PlanWanted,
): Promise<PlannedReport> {
  const { plan, preview, folder } = view;
  const isRejected = !read.accepted || hasErrors(plan.diagnostics);
  const shown = isRejected ? null : plan;
  const { catalog, policies } = await sharedChanges(location.repository, bench.base, bench.revision, shown);
  return {
    domain: location.domain,
    folder,
    head,
    base: bench.base,
    atMs: read.wired.ports.clock.wallMs(),
    plan: shown,
    preview: isRejected ? null : preview,
    diagnostics: plan.diagnostics.map((diagnostic) => ({
      ...diagnostic,
      url: lineUrl(bench, head, diagnostic),
    })),
    basis: isRejected ? null : plan.basis,
    failures: failuresOf(read.state),
    drift: driftedElements(read.state, drift),
    catalog,
    policies,
    applier: applierOf(read.state, appliedBy),
    isFork,
    wholeUrl: bench.request.wholeUrl,
  };
}

function lineUrl({ forge }: Bench, revision: Revision, { file, line }: Diagnostic): string | null {
  if (forge === null || file === '') return null;
  const path = file.split('/').map(encodeURIComponent).join('/');
  return `${forge.webUrl}/blob/${revision}/${path}${line > 0 ? `#L${line}` : ''}`;
}

/** Where it is told that something failed. */
function failuresOf({ domain }: State): PlannedReport['failures'] {
  return [...domain.revisions.values()].flatMap(({ revision, revert }) =>
    revert?.pullRequest === undefined
      ? []
      : [{ revision, name: `#${revert.pullRequest.number}`, url: revert.pullRequest.url }],
  );
}

function applierOf({ domain }: State, appliedBy: PlanWanted['appliedBy']): Applier {
  if (appliedBy === 'action') return { kind: 'action' };
  if (domain.controller !== null) return { kind: 'daemon', name: domain.controller };
  return { kind: 'nobody', command: `heliostat apply --domain ${domain.name}` };
}
