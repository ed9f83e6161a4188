/** By which a commit came. */
export interface PullRequestView {
  readonly number: number;
  /** Null: no forge was asked. */
  readonly url: string | null;
}

/**
 * The number that a forge has written into the subject of what it merged, by a merge commit or squashed; null: none.
 * GitHub: `Merge pull request #12 from acme/raise`, `Raise api (#12)`; Gitea: `Merge pull request 'Raise api' (#12) from …`.
 */
export function pullRequestInSubject(subject: string): number | null {
  const found =
    /^Merge pull request #(\d{1,9}) from /.exec(subject) ??
    /^Merge pull request '.*' \(#(\d{1,9})\) from /.exec(subject) ??
    /\(#(\d{1,9})\)$/.exec(subject.trimEnd());
  return found === null ? null : Number(found[1]);
}
