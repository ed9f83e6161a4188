import { giteaForge } from '../../adapters/forge/gitea/index.js';
import { githubForge, type GithubAuth } from '../../adapters/forge/github/index.js';
import { readSource } from '../../adapters/secrets/sources.js';
import type { Redactor } from '../../core/base/safe-text.js';
import type { Forge } from '../../ports/forge.js';
import type { Log } from '../../ports/log.js';
import { Failure } from '../cli/operations.js';
import type { RemoteUrl } from '../../adapters/git/remote/index.js';
import type { ForgeAuth, ForgeConfig } from './forge-config.js';
import { TokenMask, usualTokenSource } from './token.js';

/** A forge, and what its credentials are to others. */
export interface OpenedForge {
  readonly forge: Forge;
  /** Valid now, for `x-access-token`; null: what Git is asked with is no matter of the forge. */
  readonly gitToken: (() => Promise<string>) | null;
  /** Masks every credential that was read for it. */
  readonly redact: Redactor;
}

/** Where the repository is on the forge. */
type Address = Pick<RemoteUrl, 'url' | 'host' | 'path'>;

interface Of {
  readonly config: { readonly forge: ForgeConfig | null };
  readonly remote: { readonly url: Address } | null;
}

/** The one of a domain; null: the operator has named none. @throws {Failure} as `openForge`. */
export function forgeOf({ config, remote }: Of, log?: Log): OpenedForge | null {
  return config.forge === null ? null : openForge(config.forge, remote?.url ?? null, log);
}

/**
 * The forge that the operator's configuration names.
 * @throws {Failure} where it does not say of which repository, or a credential cannot be read.
 */
export function openForge(config: ForgeConfig, remote: Address | null, log?: Log): OpenedForge {
  const [owner, name, ...more] = (config.repository ?? remote?.path)?.split('/') ?? [];
  if (owner === undefined || name === undefined || more.length > 0)
    throw new Failure(
      'config.invalid',
      'forge: nothing says which repository of the forge it is',
      'Write forge.repository: OWNER/NAME, or name the repository by its URL.',
    );
  const webUrl = webUrlOf(config, remote);
  const mask = new TokenMask();
  const redact: Redactor = (text) => mask.redact(text);
  const common = {
    repository: { owner, name },
    apiUrl: config.api ?? apiOf(config.kind, webUrl),
    webUrl,
    redact,
    trusted: config.trusts,
  };
  const auth = authOf(config.auth, new URL(webUrl).host, mask);
  if (config.kind === 'github') {
    const forge = githubForge({ ...common, auth, ...(log === undefined ? {} : { log }) });
    return { forge, gitToken: auth.kind === 'app' ? () => forge.token() : null, redact };
  }
  if (auth.kind === 'app')
    throw new Failure('config.invalid', 'forge.app: Gitea knows no Apps', 'Give forge.token.');
  return { forge: giteaForge({ ...common, token: auth.token }), gitToken: null, redact };
}

function webUrlOf({ api }: ForgeConfig, remote: Address | null): string {
  if (remote !== null) return `${remote.url.startsWith('http:') ? 'http' : 'https'}://${remote.host}`;
  if (api === null || api === 'https://api.github.com') return 'https://github.com';
  return new URL(api).origin;
}

function apiOf(kind: ForgeConfig['kind'], webUrl: string): string {
  if (kind === 'gitea') return `${webUrl}/api/v1`;
  return webUrl === 'https://github.com' ? 'https://api.github.com' : `${webUrl}/api/v3`;
}

function authOf(auth: ForgeAuth | null, host: string, mask: TokenMask): GithubAuth {
  if (auth?.kind === 'app') {
    const { id: appId, installation: installationId } = auth;
    return {
      kind: 'app',
      appId,
      installationId,
      privateKey: readAt('forge.app.privateKey', auth.privateKey, mask),
    };
  }
  const from = auth?.from ?? usualTokenSource(host, process.env);
  if (from === null)
    throw new Failure(
      'forge.credentials',
      'there is no token for the forge',
      'Put one into HELIOSTAT_TOKEN, or name a file in forge.token of the configuration.',
    );
  // At once, so that what is missing is said at the start; and again each time, so that a renewed one counts.
  readAt('forge.token', from, mask);
  return { kind: 'token', token: async () => readAt('forge.token', from, mask) };
}

function readAt(key: string, from: string, mask: TokenMask): string {
  const source = readSource(from, process.env);
  if (source.kind === 'problem') throw new Failure(source.code, `${key}: ${source.message}`, source.fix);
  mask.add(source.value);
  return source.value;
}
