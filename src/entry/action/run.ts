import { summaryBytes } from '../../adapters/runner/runner.js';
import { inline } from '../../core/status/comment/escape.js';
import { writeSummary } from '../../core/status/comment/write.js';
import { Failure } from '../cli/operations.js';
import { carryOut } from './commands.js';
import type { ActionInputs } from './inputs.js';
import { readInputs } from './inputs.js';
import type { Occasion } from './occasion.js';
import { occasionOf } from './occasion.js';
import type { WorkRequest } from './operations.js';
import type { Result, Step } from './step.js';

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
      return await told(
        step,
        inputs,
        await carryOut({ step, inputs, occasion, work, asFailure: (error) => operations.asFailure(error) }),
      );
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
    runner.summarize(failureText(error));
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
    isFork,
    forge: isFork ? null : await forgeOf(step, inputs, occasion),
    acts,
    wholeUrl: occasion.runUrl,
    signal: step.signal,
  };
}

async function forgeOf(
  step: Step,
  { app, comment, repository, reverts, otherPlan, trusts }: ActionInputs,
  { owner, name, apiUrl, serverUrl }: Occasion,
): Promise<WorkRequest['forge']> {
  return {
    repository: named(repository, serverUrl) ?? `${owner}/${name}`,
    api: apiUrl,
    app:
      app === null ? null : { id: app.id, privateKeyFile: await step.keepSecret('app.pem', app.privateKey) },
    reverts,
    otherPlan,
    comments: comment,
    trusts,
  };
}

/** `acme/models` of a URL of the same server; null: it is none. */
function named(repository: string | null, serverUrl: string): string | null {
  const path = repository?.startsWith(`${serverUrl}/`) === true ? repository.slice(serverUrl.length + 1) : '';
  return /^[\w.-]+\/[\w.-]+?(?=(?:\.git)?\/?$)/.exec(path)?.[0] ?? null;
}

/** Everything of it may be somebody else's words. */
function failureText({ code, message, fix }: Failure): string {
  return `### ❌ ${inline(code)}\n\n${inline(message)}\n\n${inline(fix)}\n`;
}

function failureOf({ code, message, fix }: Failure) {
  return { code, severity: 'error', message, fix, file: '', line: 0, column: 0 } as const;
}
