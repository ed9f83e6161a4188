/** Why a repository cannot be used, in the shape of an error of the command line. */
export interface GitFailure {
  /** `git.notFound`, `git.unsupported`, `git.broken`, `git.failed`. */
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** A failure of the world where a port leaves no room for a value: disk full, git killed, no permission. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly code: string;
  readonly fix: string;

  constructor(failure: GitFailure) {
    super(failure.message);
    this.code = failure.code;
    this.fix = failure.fix;
  }
}

/** The code of a system call's error (`ENOENT`), or an empty string. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : '';
}

/** The path does not lead to a file: nothing there, or a file where a folder would have to be, or a folder. */
export function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemCode(error));
}
