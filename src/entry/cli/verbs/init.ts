import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { namePattern } from '../../../core/base/names.js';
import type { Context } from '../context.js';
import { addHook, git, prefixOf, refuseToReplaceHook, workTreeAbove } from '../init/repository.js';
import { templates } from '../init/templates.js';
import { Failure, type ExitCode } from '../operations.js';
import { packageRoot } from '../package-root.js';
import { jsonDocument } from '../render/json.js';
import { printable } from '../render/printable.js';
import { shellWord } from '../render/shell.js';

export interface InitOptions {
  readonly hook?: boolean;
  readonly commit?: boolean;
}

const schemaFiles = ['domain', 'component', 'solution'].map((kind) => `schemas/${kind}.schema.json`);

/** Writes a model repository that works at once. Commits nothing unless told, and overwrites nothing. */
export async function init(
  context: Context,
  dir: string | undefined,
  options: InitOptions,
): Promise<ExitCode> {
  const folder = resolve(context.cwd, dir ?? '.');
  const above = workTreeAbove(folder);
  const root = above ?? folder;
  const files = templates({ domain: domainName(context.place.domain), prefix: prefixOf(root, folder) });
  refuseToOverwrite(folder, [...files.keys(), ...schemaFiles]);
  if (options.hook === true && above !== null) await refuseToReplaceHook(above);
  mkdirSync(folder, { recursive: true });
  if (above === null) await git(folder, 'init', '-q', '-b', 'main');
  for (const [path, content] of files) write(join(folder, path), content);
  for (const path of schemaFiles) copy(join(packageRoot(), path), join(folder, path));
  ignoreState(root);
  const hook = options.hook === true ? await addHook(folder) : null;
  const paths = [...files.keys(), ...schemaFiles];
  if (options.commit === true) await commit(folder, [...paths, join(root, '.gitignore')]);
  tell(context, { folder, paths, hook, committed: options.commit === true });
  return 0;
}

function domainName(given: string | null): string {
  const name = given ?? 'local';
  if (new RegExp(namePattern).test(name)) return name;
  throw new Failure(
    'model.badName',
    `"${printable(name)}" cannot be the name of a domain`,
    'Use lower-case letters, digits and hyphens, at most 63 of them.',
  );
}

function refuseToOverwrite(folder: string, paths: readonly string[]): void {
  const there = paths.filter((path) => existsSync(join(folder, path)));
  if (there.length === 0) return;
  throw new Failure(
    'init.exists',
    `${there.join(', ')} ${there.length === 1 ? 'exists' : 'exist'} in ${folder}, and nothing was written`,
    'Take another folder: heliostat init NEW-FOLDER',
  );
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/** The state folder lies beside the common Git directory, whatever folder the model is in. */
function ignoreState(root: string): void {
  const path = join(root, '.gitignore');
  const present = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (/^\/?\.heliostat\/?$/m.test(present)) return;
  appendFileSync(path, `${present === '' || present.endsWith('\n') ? '' : '\n'}.heliostat/\n`);
}

/** Exactly these: what else was changed or staged is the user's own affair. */
async function commit(folder: string, paths: readonly string[]): Promise<void> {
  await git(folder, 'add', '--', ...paths);
  await git(folder, 'commit', '-q', '-m', 'Begin with a solution that says hello', '--', ...paths);
}

interface Done {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly hook: string | null;
  readonly committed: boolean;
}

function tell({ terminal, cwd, json, paint }: Context, { folder, paths, hook, committed }: Done): void {
  const way = relative(cwd, folder);
  const steps = [
    ...(way === '' ? [] : [`cd ${shellWord(way)}`]),
    ...(committed ? [] : ['git add . && git commit -m "Begin"']),
    'heliostat apply',
    'heliostat status',
  ];
  if (json) return terminal.out(jsonDocument({ folder, files: paths, hook, committed, next: steps }));
  terminal.out(`A model repository is in ${printable(way === '' ? basename(folder) : way)}:\n`);
  for (const path of paths) terminal.out(`  ${paint.green('+')} ${path}\n`);
  if (hook !== null) terminal.out(`  ${paint.green('+')} ${printable(hook)}\n`);
  terminal.out(`\nNext:\n${steps.map((step) => `  ${paint.cyan(step)}\n`).join('')}`);
  terminal.out(`\n${upgradeHint}\n`);
}

const upgradeHint = `Then see a rollout: in solutions/hello.yaml raise "version: 1.0.0" to "version: 1.1.0", look at it with
"heliostat plan", commit, and "heliostat apply". Go back with "git revert HEAD" and "heliostat apply".`;
