import type { Runner } from '../../adapters/runner/runner.js';
import { summaryBytes } from '../../adapters/runner/runner.js';
import type { CommentDocument } from '../../core/status/comment/document.js';
import { emptyComment } from '../../core/status/comment/document.js';
import { writeSummary } from '../../core/status/comment/write.js';
import { Failure } from '../cli/operations.js';
import { carryOut } from './commands.js';
import type { ActionInputs } from './inputs.js';
import { readInputs } from './inputs.js';
import type { Occasion } from './occasion.js';
import { occasionOf } from './occasion.js';
import type { ActionOperations, WorkRequest } from './operations.js';
import type { Json } from '../../core/base/data.js';

/** The surroundings of one step of a workflow. */
export interface Step {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runner: Runner;
  /** Of the event; null where there is none. */
  readonly payload: Json;
  readonly signal: AbortSignal;
  loadOperations(): Promise<ActionOperations>;
  /** Makes a private file of a secret that has to be one, and says where. */
  keepSecret(name: string, text: string): Promise<string>;
  writeReport(path: string, text: string): Promise<void>;
}

/** What a step ends with, as the command line does; `document` is its summary. */
export interface Result {
  readonly code: number;
  readonly document: CommentDocument;
  readonly outputs: Readonly<Record<string, string>>;
  readonly report: Json;
}

/** One step of a workflow. Its exit code says how it ended; everything else goes to log, summary, outputs and the forge. */
export async function runAction(step: Step): Promise<number> {
  const { runner } = step;
  try {
    const inputs = readInputs(step.env);
    const occasion = occasionOf(step.env, step.payload);
    if (inputs.token !== null) runner.mask(inputs.token);
    if (inputs.app !== null) runner.mask(inputs.app.privateKey);
    const operations = await step.loadOperations();
    const work = await operations.open(await requestOf(step, inputs, occasion));
    try {
      return await told(step, inputs, await carryOut({ step, inputs, occasion, work }));
    } catch (error) {
      throw operations.asFailure(error);
    } finally {
      await work.close();
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    runner.annotate([failureOf(error)]);
    runner.say(`${error.code}: ${error.message}`);
    runner.say(error.fix);
    runner.summarize(writeSummary(emptyComment(), summaryBytes));
    return error.exitCode;
  }
}

async function told(step: Step, inputs: ActionInputs, result: Result): Promise<number> {
  const { runner } = step;
  runner.summarize(writeSummary(result.document, summaryBytes));
  for (const [name, value] of Object.entries(result.outputs)) runner.output(name, value);
  const report = inputs.report ?? defaultReport(step.env);
  if (report !== null) {
    await step.writeReport(report, `${JSON.stringify(result.report, null, 2)}\n`);
    runner.output('report', report);
  }
  return result.code;
}

function defaultReport(env: Step['env']): string | null {
  const folder = env['RUNNER_TEMP'];
  return folder === undefined || folder === '' ? null : `${folder}/heliostat-report.json`;
}

async function requestOf(step: Step, inputs: ActionInputs, occasion: Occasion): Promise<WorkRequest> {
  const isFork = occasion.pullRequest?.isFork === true;
  const acts = inputs.command === 'apply';
  return {
    url: inputs.repository ?? occasion.repositoryUrl,
    folder: `${step.env['RUNNER_TEMP'] ?? '/tmp'}/heliostat`,
    revision: inputs.revision ?? occasion.revision ?? occasion.ref,
    base: occasion.base,
    config: inputs.config,
    domains: inputs.domains,
    controller: `GitHub Actions of ${occasion.owner}/${occasion.name}`,
    forge: isFork || !inputs.comment ? null : await forgeOf(step, inputs, occasion),
    acts,
    wholeUrl: occasion.runUrl,
    signal: step.signal,
  };
}

async function forgeOf(
  step: Step,
  { app, reverts, otherPlan }: ActionInputs,
  { owner, name, apiUrl }: Occasion,
): Promise<WorkRequest['forge']> {
  return {
    repository: `${owner}/${name}`,
    api: apiUrl,
    app:
      app === null ? null : { id: app.id, privateKeyFile: await step.keepSecret('app.pem', app.privateKey) },
    reverts: reverts ?? 'pullRequest',
    otherPlan: otherPlan ?? 'goOn',
  };
}

function failureOf({ code, message, fix }: Failure) {
  return { code, severity: 'error', message, fix, file: '', line: 0, column: 0 } as const;
}
