import { safe } from '../../../core/base/safe-text.js';
import { Refusal } from '../parts/answers.js';
import type { Pace } from '../parts/patience.js';
import { createAppAuth, makeClient, type Client } from './client.js';
import type { GithubAuth, GithubOptions } from './options.js';

export interface AppFacts {
  readonly slug: string;
  readonly permissions: Readonly<Record<string, string | undefined>>;
}

export interface Credentials {
  /** Valid now. */
  token(): Promise<string>;
  /** Null: these are not those of an App. */
  app(): Promise<AppFacts | null>;
}

type AppAuth = Extract<GithubAuth, { kind: 'app' }>;

export function credentialsOf(options: GithubOptions, pace: Pace): Credentials {
  const { auth } = options;
  if (auth.kind === 'app') return appCredentials(auth, options, pace);
  return {
    token: async () => {
      const token = (await auth.token()).trim();
      if (token !== '') return token;
      throw new Refusal(
        'forge.credentials',
        safe('There is no token for GitHub'),
        safe('Put one into the file or the variable that is named for it'),
      );
    },
    app: () => Promise.resolve(null),
  };
}

function appCredentials(auth: AppAuth, options: GithubOptions, pace: Pace): Credentials {
  const { appId, privateKey } = auth;
  const { repository, wallMs = Date.now } = options;
  const signIn = createAppAuth({
    appId,
    privateKey,
    cache: tokenCache(wallMs),
    log: { warn: () => undefined },
    // Asks as the App itself; by the time that it is needed it is there.
    request: ((...args: Parameters<Client['request']>) => asApp.request(...args)) as Client['request'],
  });
  const asApp: Client = makeClient({
    apiUrl: options.apiUrl,
    pace,
    authorization: async () => (await signed(() => signIn({ type: 'app' }))).token,
  });
  const at = { owner: repository.owner, repo: repository.name };
  const installation = remembered(async () => {
    if (auth.installationId !== null) return auth.installationId;
    const { data } = await asApp.request('GET /repos/{owner}/{repo}/installation', at);
    return data.id;
  });
  const slug = remembered(async () => (await asApp.request('GET /app')).data?.slug ?? '');
  return {
    token: async () => {
      const installationId = await installation();
      return (await signIn({ type: 'installation', installationId })).token;
    },
    app: async () => {
      const installation_id = await installation();
      const { data } = await asApp.request('GET /app/installations/{installation_id}', { installation_id });
      return { slug: await slug(), permissions: data.permissions as AppFacts['permissions'] };
    },
  };
}

/** Asked for once; after a failure once more. */
function remembered<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () =>
    (asked ??= ask().catch((error: unknown) => {
      asked = null;
      throw error;
    }));
}

async function signed<T>(sign: () => Promise<T>): Promise<T> {
  try {
    return await sign();
  } catch {
    // What is wrong with a key is not told in its own words: they might hold it.
    throw new Refusal(
      'forge.credentials',
      safe('The private key of the App cannot be used'),
      safe('Give the key as GitHub made it: a PEM file, from BEGIN to END, with its line breaks'),
    );
  }
}

const renewedBeforeMs = 5 * 60_000;

/**
 * Of tokens of the installation, as long as they are valid for long enough: a push may take minutes. Octokit's own one
 * goes by the time when a token was stored.
 */
function tokenCache(wallMs: () => number): {
  get(key: string): string;
  set(key: string, value: string): void;
} {
  const tokens = new Map<string, string>();
  return {
    get: (key) => {
      const value = tokens.get(key) ?? '';
      // token|createdAt|expiresAt|…
      const expiresAt = Date.parse(value.split('|')[2] ?? '');
      return wallMs() < expiresAt - renewedBeforeMs ? value : '';
    },
    set: (key, value) => void tokens.set(key, value),
  };
}
