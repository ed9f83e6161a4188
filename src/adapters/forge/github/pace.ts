interface Lane {
  key(id: string): Lane;
  schedule<T>(options: unknown, job: () => Promise<T>): Promise<T>;
}

/**
 * A lane of octokit's throttling in which jobs begin at least so far apart (GitHub asks for a second between writes).
 * Its own ones are shared by all clients of a process, whosever token they have.
 */
export function lane(spacingMs: number): Lane {
  let free = Promise.resolve();
  const own: Lane = {
    key: () => own,
    schedule: (_options, job) => {
      const started = free.then(() => job());
      free = free.then(() => new Promise((resolve) => setTimeout(resolve, spacingMs).unref()));
      return started;
    },
  };
  return own;
}
