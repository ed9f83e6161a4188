import type { PullRequestView } from '../../../core/status/pull-request.js';
import { printable } from './printable.js';

/** `pull request #12, https://github.com/acme/shop/pull/12`. */
export function pullRequestLines(pullRequest: PullRequestView | null): string[] {
  if (pullRequest === null) return [];
  const { number, url } = pullRequest;
  return [`pull request #${number}${url === null ? '' : `, ${printable(url)}`}`];
}
