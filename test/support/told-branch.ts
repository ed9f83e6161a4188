import { feedGit, git } from './git.js';

/** Files by path; null: it goes. */
export type Changes = Readonly<Record<string, string | null>>;

export interface ToldCommit {
  readonly changes: Changes;
  readonly message: string;
  readonly author?: string;
  readonly wallMs: number;
}

/** Makes a branch of very many commits at once, on top of nothing; gives their ids, oldest first. */
export function tellBranch(repository: string, branch: string, commits: readonly ToldCommit[]): string[] {
  const stream: Buffer[] = [];
  for (const { changes, message, author = 'Ada', wallMs } of commits) {
    const when = `<${author.toLowerCase()}@example.com> ${Math.floor(wallMs / 1000)} +0000`;
    stream.push(Buffer.from(`commit ${branch}\nauthor ${author} ${when}\ncommitter ${author} ${when}\n`));
    stream.push(data(message));
    for (const [path, content] of Object.entries(changes)) {
      stream.push(Buffer.from(content === null ? `D ${path}\n` : `M 100644 inline ${path}\n`));
      if (content !== null) stream.push(data(content));
    }
  }
  feedGit(repository, Buffer.concat(stream), 'fast-import', '--quiet');
  return git(repository, 'rev-list', '--first-parent', '--reverse', branch).split('\n');
}

function data(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}
