import { Octokit } from 'octokit';
import { createAppAuth } from '@octokit/auth-app';
import type { Pace } from '../parts/patience.js';
import { Patience } from '../parts/patience.js';
import { guardedFetch } from '../parts/wire.js';
import { lane } from './pace.js';

export type Client = InstanceType<typeof Octokit>;
export { createAppAuth };

export interface ClientOptions {
  readonly apiUrl: string;
  readonly pace: Pace;
  /** A token, or the signed word of an App. */
  readonly authorization: () => Promise<string>;
}

/** https://docs.github.com/rest/about-the-rest-api/api-versions */
const apiVersion = '2022-11-28';

/**
 * Octokit with its retries and its throttling, both bounded by the patience of the call that asks. The authorization
 * is put on late, so that a renewed token is used at once.
 */
export function makeClient({ apiUrl, pace, authorization }: ClientOptions): Client {
  const mayWait = (seconds: number, options: unknown): boolean =>
    patienceOf(options)?.allows(seconds) ?? false;
  const client = new Octokit({
    baseUrl: apiUrl.replace(/\/+$/, ''),
    userAgent: 'heliostat',
    log: silent,
    request: { fetch: guardedFetch(pace), log: silent },
    retry: {
      retries: 2,
      retryAfterBaseValue: pace.secondMs,
      // What limits is left to the throttling, which knows for how long.
      doNotRetry: [400, 401, 403, 404, 409, 410, 413, 422, 429, 451],
    },
    throttle: {
      retryAfterBaseValue: pace.secondMs,
      onRateLimit: mayWait,
      onSecondaryRateLimit: mayWait,
      write: lane(pace.secondMs),
      notifications: lane(3 * pace.secondMs),
    },
  });
  client.hook.before('request', async (options) => {
    // An answer that was lost may hide an effect: who posts looks for it before posting again. GraphQL is asked only.
    if (options.method === 'POST' && !options.url.endsWith('/graphql')) options.request.retries = 0;
    options.headers['x-github-api-version'] = apiVersion;
    options.headers.authorization = `bearer ${await authorization()}`;
  });
  return client;
}

function patienceOf(options: unknown): Patience | null {
  const { patience } = (options as { request?: { patience?: unknown } }).request ?? {};
  return patience instanceof Patience ? patience : null;
}

const ignore = (): void => undefined;
/** Octokit would write to the console; what matters of it is in the answers. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
