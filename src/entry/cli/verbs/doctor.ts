import { resolve } from 'node:path';
import type { ProviderManifest } from '../../../core/base/manifest.js';
import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import type { Check } from '../doctor/check.js';
import { checkElsewhere } from '../doctor/elsewhere.js';
import { checkGit, checkNode, checkPorts, checkProc, checkProviders } from '../doctor/machine.js';
import { checkConfig, checkRepository } from '../doctor/repository.js';
import { git } from '../init/repository.js';
import { Failure, type ExitCode } from '../operations.js';
import { jsonDocument } from '../render/json.js';
import { printable } from '../render/printable.js';
import { padded, widest } from '../render/words.js';

/** What is missing here, each with the command that mends it. */
export async function doctor(context: Context): Promise<ExitCode> {
  const checks = await allChecks(context);
  const { terminal, json } = context;
  const whole = checks.every((check) => check.state !== 'missing');
  terminal.out(json ? jsonDocument({ ok: whole, checks }) : table(checks, context));
  return whole ? 0 : 1;
}

async function allChecks(context: Context): Promise<Check[]> {
  const { cwd, place } = context;
  const remote = place.repo !== null && /^(?:[a-z][a-z0-9+.-]*:\/\/|[^/:]+@[^/:]+:)/i.test(place.repo);
  const folder = remote ? cwd : resolve(cwd, place.repo ?? '.');
  const providers = await orFailure(async () =>
    (await context.loadOperations()).providers(requestOf(context)),
  );
  const manifests: readonly ProviderManifest[] = providers instanceof Failure ? [] : providers;
  return [
    checkNode(process.versions.node),
    checkGit(await orFailure(() => git(cwd, '--version'))),
    checkProc(),
    ...(remote ? [] : await checkRepository(folder)),
    checkConfig(place.config, folder),
    checkProviders(providers),
    ...(await checkPorts(manifests)),
    ...checkElsewhere(
      await orFailure(async () => (await context.loadOperations()).reach(requestOf(context))),
    ),
  ];
}

async function orFailure<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function table(checks: readonly Check[], { paint }: Context): string {
  const names = widest(checks.map((check) => check.name));
  const words = { ok: paint.green('ok     '), warn: paint.yellow('warn   '), missing: paint.red('missing') };
  const lines = checks.flatMap(({ name, state, detail, command }) => [
    `${words[state]}  ${padded(name, names)}  ${printable(detail)}`,
    ...(command === null ? [] : [`         ${padded('', names)}  ${paint.cyan(printable(command))}`]),
  ]);
  return `${lines.join('\n')}\n`;
}
