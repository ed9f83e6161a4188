import { giteaForge } from '../../adapters/forge/gitea/index.js';
import { githubForge, type GithubAuth } from '../../adapters/forge/github/index.js';
import { readSource } from '../../adapters/secrets/sources.js';
import type { Redactor } from '../../core/base/safe-text.js';
import type { Forge } from '../../ports/forge.js';
import type { Log } from '../../ports/log.js';
import { Failure } from '../cli/operations.js';
import type { ForgeAuth, ForgeConfig } from './forge-config.js';

/** A forge, and what its credentials are to Git. */
export interface OpenedForge {
  readonly forge: Forge;
  /** Valid now, for `x-access-token`; null: what Git is asked with is no matter of the forge. */
  readonly gitToken: (() => Promise<string>) | null;
}

/** Where the repository is on the forge. */
export interface ForgeAddress {
  readonly host: string;
  /** `acme/shop`. */
  readonly path: string;
  readonly isPlain: boolean;
}

export function addressOf({
  url,
  host,
  path,
}: {
  readonly url: string;
  readonly host: string;
  readonly path: string;
}): ForgeAddress {
  return { host, path, isPlain: url.startsWith('http:') };
}

export interface ForgeTools {
  readonly environment: NodeJS.ProcessEnv;
  readonly redact: Redactor;
  readonly log?: Log;
}

/**
 * The forge that the operator's configuration names.
 * @throws {Failure} where it does not say of which repository, or a credential cannot be read.
 */
export function openForge(config: ForgeConfig, remote: ForgeAddress | null, tools: ForgeTools): OpenedForge {
  const path = config.repository ?? remote?.path ?? null;
  const [owner, name, ...more] = path?.split('/') ?? [];
  if (owner === undefined || name === undefined || more.length > 0)
    throw new Failure(
      'config.invalid',
      'forge: nothing says which repository of the forge it is',
      'Write forge.repository: OWNER/NAME, or name the repository by its URL.',
    );
  const { redact, log } = tools;
  const { trusts: trusted } = config;
  const webUrl = webUrlOf(config, remote);
  const auth = authOf(config.auth, webUrl, tools);
  const apiUrl = config.api ?? apiOf(config.kind, webUrl);
  if (config.kind === 'gitea') {
    if (auth.kind === 'app')
      throw new Failure('config.invalid', 'forge.app: Gitea knows no Apps', 'Give forge.token.');
    return {
      forge: giteaForge({ repository: { owner, name }, apiUrl, webUrl, token: auth.token, redact, trusted }),
      gitToken: null,
    };
  }
  const github = githubForge({
    repository: { owner, name },
    apiUrl,
    webUrl,
    auth,
    redact,
    trusted,
    ...(log === undefined ? {} : { log }),
  });
  return { forge: github, gitToken: auth.kind === 'app' ? () => github.token() : null };
}

function webUrlOf({ api }: ForgeConfig, remote: ForgeAddress | null): string {
  if (remote !== null) return `${remote.isPlain ? 'http' : 'https'}://${remote.host}`;
  if (api === null || api === 'https://api.github.com') return 'https://github.com';
  return new URL(api).origin;
}

function apiOf(kind: ForgeConfig['kind'], webUrl: string): string {
  if (kind === 'gitea') return `${webUrl}/api/v1`;
  return webUrl === 'https://github.com' ? 'https://api.github.com' : `${webUrl}/api/v3`;
}

function authOf(auth: ForgeAuth | null, webUrl: string, { environment }: ForgeTools): GithubAuth {
  if (auth?.kind === 'app') {
    const { id: appId, installation: installationId } = auth;
    return {
      kind: 'app',
      appId,
      installationId,
      privateKey: readAt('forge.app.privateKey', auth.privateKey, environment),
    };
  }
  const from = auth?.from ?? usualSource(webUrl, environment);
  // At once, so that what is missing is said at the start; and again each time, so that a renewed one counts.
  readAt('forge.token', from, environment);
  return { kind: 'token', token: async () => readAt('forge.token', from, environment) };
}

/** That of a workflow is shown to nobody but the host that has made it. */
function usualSource(webUrl: string, environment: NodeJS.ProcessEnv): string {
  const isGitHub = webUrl === (environment['GITHUB_SERVER_URL'] ?? 'https://github.com');
  const name = ['HELIOSTAT_TOKEN', ...(isGitHub ? ['GITHUB_TOKEN'] : [])].find(
    (variable) => (environment[variable] ?? '') !== '',
  );
  if (name !== undefined) return `env:${name}`;
  throw new Failure(
    'forge.credentials',
    'there is no token for the forge',
    'Put one into HELIOSTAT_TOKEN, or name a file in forge.token of the configuration.',
  );
}

function readAt(key: string, from: string, environment: NodeJS.ProcessEnv): string {
  const source = readSource(from, environment);
  if (source.kind === 'value') return source.value;
  throw new Failure(source.code, `${key}: ${source.message}`, source.fix);
}
