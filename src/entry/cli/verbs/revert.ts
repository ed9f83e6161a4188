import { askToDestroy } from '../consent.js';
import type { Context } from '../context.js';
import { requestOf } from '../context.js';
import type { ExitCode, RevertPlan } from '../operations.js';
import { isRejected, renderPlan } from '../render/plan.js';
import { printable } from '../render/printable.js';
import { renderRevert, revertFiles, revertJson } from '../render/revert.js';
import { count, shortRevision } from '../render/words.js';

export interface RevertOptions {
  readonly yes?: boolean;
  readonly reason?: string;
}

export async function revert(context: Context, revision: string, options: RevertOptions): Promise<ExitCode> {
  const operations = await context.loadOperations();
  const { terminal, paint, json } = context;
  const consent: { refusal: string | null } = { refusal: null };
  const view = await operations.revert(
    { ...requestOf(context), revision, reason: options.reason ?? null },
    {
      approve: async (about) => {
        if (!json) terminal.out(`${revertFiles(about, paint)}\n${renderPlan(about.planned, paint)}`);
        if (isRejected(about.planned.plan) || options.yes === true) return true;
        consent.refusal = await refusal(context, about);
        return consent.refusal === null;
      },
    },
  );
  terminal.out(json ? revertJson(view, consent.refusal) : `\n${renderRevert(view, consent.refusal, paint)}`);
  switch (view.ending) {
    case 'committed':
    case 'proposed':
      return 0;
    case 'rejected':
      return 3;
    case 'declined':
      return 5;
  }
}

function refusal(context: Context, { files, branch, reverted }: RevertPlan): Promise<string | null> {
  const what = `${count(files.length, 'file')} on ${printable(branch)}`;
  return askToDestroy(
    context,
    `Take ${shortRevision(reverted)} back by a commit that changes ${what}?`,
    'nothing was committed',
  );
}
