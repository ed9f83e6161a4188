import { hasErrors } from '../../core/base/diagnostic.js';
import type { Json } from '../../core/base/data.js';
import type { DomainName } from '../../core/base/names.js';
import type { CommentDocument } from '../../core/status/comment/document.js';
import { emptyComment } from '../../core/status/comment/document.js';
import { withDrift } from '../../core/status/comment/drift.js';
import { withOutcome } from '../../core/status/comment/outcome-update.js';
import { outcomeStatus, plannedStatus } from '../../core/status/comment/sentences.js';
import type { PlannedReport } from '../../core/status/comment/types.js';
import { lostInstances } from '../../core/status/words/plan.js';
import { findLacks } from './lacks.js';
import { planDocument, tellOutcome, tellPlans } from './tell.js';
import { codeOfVerdict, Failure } from '../cli/operations.js';
import type { Ended, Planned } from './operations.js';
import type { Result, Task } from './step.js';

export function carryOut(task: Task): Promise<Result> {
  switch (task.inputs.command) {
    case 'validate':
      return plan(task, false);
    case 'plan':
      return plan(task, true);
    case 'wait':
      return end(task, (domain) => followed(task, domain));
    case 'apply':
      return end(task, (domain) =>
        task.work.applied(domain, { ...waiting(task, domain), takeover: task.inputs.takeover }),
      );
    case 'drift':
      return drift(task);
  }
}

/** A daemon may know no forge: then what it has written on the status branch is told from here. */
async function followed(task: Task, domain: DomainName): Promise<Ended> {
  const ended = await task.work.followed(domain, waiting(task, domain));
  if (ended.outcome !== null) await tellOutcome(task, ended.outcome);
  return ended;
}

/** `isTold`: on the pull request as well, where there is one and we may. */
async function plan(task: Task, isTold: boolean): Promise<Result> {
  const { work, step, occasion, inputs } = task;
  const pull = occasion.pullRequest;
  const planned: Planned[] = [];
  for (const domain of work.domains) {
    const one = await work.planned(domain, {
      head: pull?.head ?? work.revision,
      isFork: pull?.isFork === true,
      appliedBy: inputs.appliedBy,
    });
    step.runner.say(`${domain}: ${plannedStatus(one.report).description}`);
    planned.push(one);
  }
  const reports = planned.map(({ report }) => report);
  const diagnostics = reports.flatMap((report) => report.diagnostics);
  step.runner.annotate(diagnostics);
  const lacks = isTold ? await findLacks(task) : [];
  const commentUrl = isTold ? await tellPlans(task, reports, lacks) : null;
  const isRejected = reports.some(({ plan: made }) => made === null);
  return {
    code: isRejected ? 3 : 0,
    document: planDocument(emptyComment(), reports, lacks),
    outputs: {
      changed: String(reports.some(({ plan: made }) => (made?.changes.length ?? 0) > 0)),
      valid: String(!hasErrors(diagnostics) && !isRejected),
      verdict: isRejected ? 'rejected' : 'planned',
      'plan-digest': digestsText(reports.map(({ domain, plan: made }) => [domain, made?.digest ?? null])),
      'has-destroys': String(reports.some(destroys)),
      ...(commentUrl === null ? {} : { 'comment-url': commentUrl }),
    },
    report: {
      schemaVersion: 1,
      command: inputs.command,
      domains: planned.map(({ report, json }) => ({ domain: report.domain, plan: json })),
    },
  };
}

function destroys({ plan: made }: PlannedReport): boolean {
  return made?.changes.some((change) => lostInstances(change) > 0) === true;
}

function waiting({ step, inputs }: Task, domain: DomainName) {
  return {
    timeoutMs: inputs.timeoutMs,
    progress: (line: string) => step.runner.say(`${domain}: ${line}`),
  };
}

/** Of one domain after the other; the worst of them is how it ends. One that cannot be done stops no other. */
async function end(task: Task, each: (domain: DomainName) => Promise<Ended>): Promise<Result> {
  const { work, step, inputs } = task;
  const all: (readonly [DomainName, Ended])[] = [];
  const failures: Failure[] = [];
  for (const domain of work.domains) {
    const ended = await each(domain).catch((error: unknown) => failureIn(task, error));
    if (ended instanceof Failure) {
      failures.push(ended);
      step.runner.say(`${domain}: ${ended.code}: ${ended.message}`);
      step.runner.say(`  ${ended.fix}`);
      continue;
    }
    all.push([domain, ended]);
    step.runner.say(`${domain}: ${textOf(ended)}`);
    if (ended.command !== null) step.runner.say(`  ${ended.command}`);
  }
  const [failure] = failures;
  const [first] = all;
  if (failure !== undefined && first === undefined) throw failure;
  step.runner.annotate([
    ...failures.map(({ code, message, fix }) => ({ ...nowhere, code, message, fix })),
    ...all.flatMap(([, { diagnostics }]) => diagnostics),
  ]);
  const codes = [...failures.map(({ exitCode }) => exitCode), ...all.map(([, ended]) => codeOf(ended))];
  const worst = all.map(([, ended]) => ended).sort((one, other) => codeOf(other) - codeOf(one))[0];
  return {
    code: failure?.exitCode ?? Math.max(0, ...codes),
    document: all.reduce<CommentDocument>(
      (document, [, { outcome }]) => (outcome === null ? document : withOutcome(document, outcome)),
      emptyComment(),
    ),
    outputs: {
      changed: String(all.some(([, { outcome }]) => (outcome?.solutions.length ?? 0) > 0)),
      verdict: failure === undefined ? (worst?.verdict ?? '') : 'failed',
      'plan-digest': digestsText(all.map(([domain, { planDigest }]) => [domain, planDigest])),
    },
    report: {
      schemaVersion: 1,
      command: inputs.command,
      domains: all.map(([domain, ended]) => ({ domain, ...ended })) as unknown as Json,
    },
  };
}

const nowhere = { severity: 'error', file: '', line: 0, column: 0 } as const;

/** @throws what is no failure of the world, but a bug. */
function failureIn({ asFailure }: Task, error: unknown): Failure {
  const failure = asFailure(error);
  if (failure instanceof Failure && failure.exitCode !== 130) return failure;
  throw failure;
}

function textOf({ outcome, verdict, ending }: Ended): string {
  const told = outcome === null ? verdict : outcomeStatus(outcome).description;
  if (ending === 'notTip') return `${told}; another commit is the tip by now`;
  return ending === 'timeout' ? `${told}; nobody waits for it here any longer` : told;
}

/** As of the command line; but it is no failure of this commit that another has come. */
function codeOf({ ending, verdict }: Ended): number {
  if (verdict === 'superseded' || ending === 'notTip') return 0;
  return codeOfVerdict(verdict) ?? 2;
}

async function drift({ work, step, inputs }: Task): Promise<Result> {
  let document = emptyComment();
  const reports = [];
  for (const domain of work.domains) {
    const report = await work.drifted(domain);
    reports.push(report);
    document = withDrift(document, report);
    step.runner.say(
      `${domain}: ${report.elements.length === 0 ? 'no drift' : `${report.elements.length} drifted`}`,
    );
    for (const { element, reason } of report.elements) step.runner.say(`  ${domain}/${element}: ${reason}`);
  }
  const isDrifted = reports.some(({ elements }) => elements.length > 0);
  return {
    code: isDrifted ? 2 : 0,
    document,
    outputs: { changed: String(isDrifted), drifted: String(isDrifted) },
    report: { schemaVersion: 1, command: inputs.command, domains: reports as unknown as Json },
  };
}

/** The digest itself for one domain; of several a line each, `prod 1:…`. */
function digestsText(digests: readonly (readonly [string, string | null])[]): string {
  if (digests.length === 1) return digests[0]?.[1] ?? '';
  return digests.map(([domain, digest]) => `${domain} ${digest ?? ''}`.trimEnd()).join('\n');
}
