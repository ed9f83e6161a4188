import { onTestFinished } from 'vitest';
import {
  githubForge,
  type GithubAuth,
  type GithubForge,
  type GithubOptions,
} from '../../../src/adapters/forge/github/index.js';
import { redactorOf } from '../../../src/core/base/safe-text.js';
import { fakeGitHub, type FakeGitHub } from '../../support/forge/github.js';
import { quick } from './contract.js';

export const repository = { owner: 'acme', name: 'shop' };

type Changes = {
  readonly [K in 'waiting' | 'wallMs' | 'apiUrl' | 'log' | 'trusted']?: GithubOptions[K] | undefined;
};

export function forgeOf(hub: FakeGitHub, auth: string | GithubAuth, changes: Changes = {}): GithubForge {
  const { waiting = quick, wallMs = Date.now, apiUrl = hub.url, log, trusted } = changes;
  return githubForge({
    repository,
    apiUrl,
    webUrl: 'https://github.com',
    auth: typeof auth === 'string' ? { kind: 'token', token: () => Promise.resolve(auth) } : auth,
    redact: redactorOf([]),
    waiting,
    wallMs,
    ...(log ? { log } : {}),
    ...(trusted ? { trusted } : {}),
  });
}

/** Closed at the end of the test, which fails if something did not fit GitHub's description. */
export async function openHub(): Promise<FakeGitHub> {
  const hub = await fakeGitHub(repository);
  onTestFinished(() => hub.close());
  return hub;
}
