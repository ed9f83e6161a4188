import { commentLimit, emptyComment, marker } from '../../core/status/comment/document.js';
import type { CommentDocument } from '../../core/status/comment/document.js';
import { withLacks, type Lack } from '../../core/status/comment/lacks.js';
import { withOutcome } from '../../core/status/comment/outcome-update.js';
import { withPlan } from '../../core/status/comment/plan-update.js';
import { readComment } from '../../core/status/comment/read.js';
import { plannedStatus } from '../../core/status/comment/sentences.js';
import type { OutcomeReport, PlannedReport } from '../../core/status/comment/types.js';
import { writeComment } from '../../core/status/comment/write.js';
import type { Answer, Forge } from '../../ports/forge.js';
import type { Task } from './step.js';

const attempts = 3;

/** The plans in the one comment of the pull request, and beside its last commit. Null: there is no comment of ours. */
export async function tellPlans(
  task: Task,
  reports: readonly PlannedReport[],
  lacks: readonly Lack[],
): Promise<string | null> {
  const { work, occasion } = task;
  const { forge } = work;
  const pull = occasion.pullRequest;
  if (forge === null || pull === null) return null;
  for (const report of reports) {
    const status = {
      context: `heliostat/${report.domain}/plan`,
      ...plannedStatus(report),
      url: occasion.runUrl,
    };
    said(task, 'the commit status', await forge.writeStatus(pull.head, status));
  }
  if (!task.inputs.comment) return null;
  const comment = await commented(forge, pull.number, (before) => planDocument(before, reports, lacks));
  return said(task, 'the comment', comment)?.url ?? null;
}

/** In the comment of the pull request that the commit came by, unless somebody has told it already. */
export async function tellOutcome(task: Task, outcome: OutcomeReport): Promise<void> {
  const { forge, revision } = task.work;
  if (forge === null || !task.inputs.comment) return;
  const pulls = said(task, 'the pull request', await forge.pullRequestsOf(revision)) ?? [];
  for (const { number } of pulls.filter(({ merged }) => merged === revision)) {
    const standing = said(task, 'the comment', await forge.comment(number, marker));
    const document = standing === null ? null : readComment(standing.body);
    const known = document?.sections.get(outcome.domain)?.memory;
    // Where no plan was shown nothing is begun from here: it may be the daemon's own comment that we do not know.
    if (document === null || known === undefined) continue;
    if (known.revision === outcome.revision && known.phase === outcome.verdict) continue;
    const body = writeComment(withOutcome(document, outcome), limitOf(forge));
    said(task, 'the comment', await forge.writeComment(number, marker, body));
  }
}

function limitOf({ traits }: Forge): number {
  return Math.min(commentLimit, traits.commentCharacters);
}

/** With the plans, and what will be refused said once, at the first of them. */
export function planDocument(
  before: CommentDocument,
  reports: readonly PlannedReport[],
  lacks: readonly Lack[],
): CommentDocument {
  const document = reports.reduce<CommentDocument>(withPlan, before);
  const [first] = reports;
  return first === undefined ? document : withLacks(document, first.domain, lacks);
}

/** Others may write the sections of other domains at the same time: what was written is read again, and mended. */
async function commented(
  forge: Forge,
  number: number,
  changed: (before: CommentDocument) => CommentDocument,
): Promise<Answer<{ readonly url: string }>> {
  for (let attempt = 1; ; attempt++) {
    const standing = await forge.comment(number, marker);
    if (standing.kind !== 'ok') return standing;
    const before = (standing.value === null ? null : readComment(standing.value.body)) ?? emptyComment();
    const document = changed(before);
    const body = writeComment(document, limitOf(forge));
    const written = await forge.writeComment(number, marker, body);
    if (written.kind !== 'ok' || attempt === attempts) return written;
    const after = await forge.comment(number, marker);
    if (after.kind !== 'ok' || hasAll(after.value?.body ?? '', document)) return written;
  }
}

function hasAll(body: string, document: CommentDocument): boolean {
  const there = readComment(body);
  return [...document.sections].every(
    ([domain, { memory }]) => there?.sections.get(domain)?.memory.planDigest === memory.planDigest,
  );
}

/** A plan that cannot be told is a plan all the same: said in the log, and the step goes on. */
function said<T>({ step }: Task, what: string, answer: Answer<T>): T | null {
  if (answer.kind === 'ok') return answer.value;
  const fix = answer.kind === 'refused' ? `. ${answer.fix}` : '';
  step.runner.say(`${what} could not be written: ${answer.message}${fix}`);
  return null;
}
