import { code, inline, link } from './escape.js';
import { paragraphs, sentence } from './pieces.js';
import { revisionCode } from './plan-parts.js';
import type { PushedRevert, RevertReport } from './types.js';

/** What says in Git that it was taken back, and what a person still has to do about it. */
export function revertText(revert: RevertReport): string {
  switch (revert.kind) {
    case 'open':
      return '↩️ The commit that says so in Git is being made.';
    case 'committed':
      return `↩️ **Taken back in Git** by ${link(revisionCode(revert.commit), revert.url)}.`;
    case 'proposed':
      return `↩️ **Revert:** ${link(`#${revert.number}`, revert.url)} ${proposals[revert.state]}`;
    case 'pushed':
      return pushedText(revert);
    case 'none':
      return `↩️ **No revert was made:** ${sentence(revert.reason)}`;
  }
}

const proposals: Readonly<Record<'open' | 'merged' | 'closed', string>> = {
  open: 'says so in Git. **Merge it**, or push a commit with another version.',
  merged: 'is merged.',
  closed: 'was closed without being merged: Git still asks for what failed, and it stays out.',
};

/** Where a pull request could not be opened: the link by which a person does, and what spares them that the next time. */
export function pushedText({ branch, compareUrl, reason, fix }: PushedRevert): string {
  return paragraphs([
    `↩️ **The revert waits on ${code(branch)}:** ${link('open the pull request', compareUrl)} yourself. ${sentence(reason)}`,
    `So that it is opened by itself the next time: ${inline(fix)}`,
  ]);
}
