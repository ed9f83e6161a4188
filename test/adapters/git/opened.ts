import { onTestFinished } from 'vitest';
import { openRepository, type OpenOptions, type Repository } from '../../../src/adapters/git/index.js';

/** Opens a repository that has to open, and closes it when the test is finished. */
export async function opened(path: string, options: OpenOptions = {}): Promise<Repository> {
  const answer = await openRepository(path, options);
  if ('failure' in answer) throw new Error(`${answer.failure.code}: ${answer.failure.message}`);
  onTestFinished(() => answer.ok.close());
  return answer.ok;
}
