import { expect } from 'vitest';
import { GitError, openRepository } from '../../../src/adapters/git/index.js';
import { noopManifest } from '../../../src/adapters/providers/noop/manifest.js';
import type { Version } from '../../../src/core/base/version.js';
import { readText } from '../../../src/core/model/text.js';
import { load } from '../../../src/engine/load/load.js';
import { cancelSource } from '../../../src/ports/clock.js';
import type { Expectation } from './cases.js';
import type { Made } from './git-case.js';

/** What becomes of a revision where git is not installed, in the words of an expectation. */
async function outcomeWithoutGit(repository: string, revision: string): Promise<string[]> {
  const opened = await openRepository(repository, { git: null });
  if ('failure' in opened) return ['failed', `failed ${opened.failure.code}`];
  const { source, resolve, close } = opened.ok;
  try {
    const found = await resolve(revision);
    if (found === null) return ['failed', 'failed revision.unknown'];
    const loaded = await load(
      {
        source,
        reader: {
          read: (texts) => Promise.resolve(texts.map(({ bytes }) => readText(bytes))),
          close: () => Promise.resolve(),
        },
      },
      {
        from: { kind: 'revision', revision: found },
        base: null,
        ledger: new Map(),
        manifests: new Map([['noop', noopManifest]]),
        secretStatus: () => 'missing',
        previousTip: null,
        programVersion: '1.0.0' as Version,
        domain: { kind: 'only' },
        cancel: cancelSource().cancel,
      },
    );
    if (!('validation' in loaded)) return ['failed', 'failed revision.unreadable'];
    const { accepted, diagnostics } = loaded.validation;
    return [
      accepted ? 'valid' : 'rejected',
      ...diagnostics.flatMap(({ code, file, line, column }) => [
        `rejected ${code}`,
        `rejected ${code} ${file}`,
        `rejected ${code} ${file}:${line}:${column}`,
      ]),
    ];
  } catch (error) {
    if (error instanceof GitError) return ['failed', `failed ${error.code}`];
    throw error;
  } finally {
    await close();
  }
}

/** The same answer as with git, for those commands that look at a commit. */
export async function holdWithoutGit({ repository }: Made, expectation: Expectation): Promise<void> {
  const [verb, ...rest] = expectation.command;
  const revision = rest.filter((word) => word !== '--').at(0);
  if (verb !== 'validate' || revision === undefined || revision.startsWith('--repo')) return;
  const { outcome, diagnostic } = expectation;
  const wanted = diagnostic === null ? outcome : `${outcome} ${diagnostic}`;
  expect(await outcomeWithoutGit(repository, revision), `${revision} without git`).toContain(wanted);
}
