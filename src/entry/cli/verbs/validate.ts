import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import { Failure, type ExitCode, type ValidateRequest, type ValidateView } from '../operations.js';
import { renderAnnotations } from '../../../adapters/runner/annotations.js';
import { renderDiagnostics, tally, validateJson } from '../render/diagnostics.js';
import { worktreeText } from '../render/plan.js';
import { shortRevision } from '../render/words.js';

export interface ValidateOptions {
  readonly staged?: boolean;
  readonly from?: string;
  readonly format?: 'text' | 'json' | 'github';
}

export async function validate(
  context: Context,
  revision: string | undefined,
  options: ValidateOptions,
): Promise<ExitCode> {
  const operations = await context.loadOperations();
  const what = subject(revision, options.staged === true);
  const view = await operations.validate({ ...requestOf(context), what, from: options.from ?? null });
  write(context, view, options.format ?? (context.json ? 'json' : 'text'));
  return view.valid ? 0 : 3;
}

function subject(revision: string | undefined, staged: boolean): ValidateRequest['what'] {
  if (revision !== undefined && staged) {
    throw new Failure('cli.usage', 'REV and --staged exclude each other', 'Give one of them.');
  }
  if (staged) return { kind: 'staged' };
  return revision === undefined ? { kind: 'worktree' } : { kind: 'revision', name: revision };
}

function write(context: Context, view: ValidateView, format: 'text' | 'json' | 'github'): void {
  const { terminal, paint } = context;
  if (format === 'json') return terminal.out(validateJson(view));
  if (format === 'github') terminal.out(renderAnnotations(view.diagnostics));
  else if (view.diagnostics.length > 0) {
    terminal.out(`${renderDiagnostics(view.diagnostics, view.sourceLine, paint)}\n`);
  }
  const verdict = view.valid ? paint.green('Valid') : paint.red('Not valid');
  terminal.out(`${verdict}: ${tally(view.diagnostics) ?? 'nothing is wrong'} (${subjectText(view)})\n`);
}

function subjectText(view: ValidateView): string {
  if (view.revision === 'worktree') return worktreeText(view.uncommitted);
  return view.revision === 'staged' ? 'what is staged' : `revision ${shortRevision(view.revision)}`;
}
