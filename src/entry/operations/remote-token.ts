import type { Redactor } from '../../core/base/safe-text.js';
import type { Credentials, CredentialSource, RemoteUrl } from '../../adapters/git/remote/index.js';
import { RemoteError } from '../../adapters/git/remote/index.js';
import { readSource, type SourceReading } from '../../adapters/secrets/sources.js';
import { Failure } from '../cli/operations.js';
import type { RemoteSettings } from './remote-config.js';
import { TokenMask, tokenUser as username, usualTokenSource } from './token.js';

/** What a remote is asked with, and what keeps it out of every message. */
export interface RemoteToken {
  readonly credentials: CredentialSource;
  /** Masks every token that was ever read. */
  readonly redact: Redactor;
}

/**
 * From where the configuration says, else from `HELIOSTAT_TOKEN`, and from `GITHUB_TOKEN` only for the host that has made
 * it. Read anew for each operation: what is renewed counts at once.
 * @throws {Failure} where the source that is named cannot be read, or others can read it.
 */
export function remoteToken(
  { kind, host }: Pick<RemoteUrl, 'kind' | 'host'>,
  { token }: Pick<RemoteSettings, 'token'>,
  environment: NodeJS.ProcessEnv,
): RemoteToken {
  const read = (): SourceReading | null => {
    if (kind === 'ssh') return null;
    if (token !== null) return readSource(token, environment);
    const usual = usualTokenSource(host, environment);
    return usual === null ? null : readSource(usual, environment);
  };
  const first = read();
  if (first?.kind === 'problem') throw new Failure(first.code, `remote.token: ${first.message}`, first.fix);
  const kept = new TokenMask();
  if (first !== null) kept.add(first.value);
  return {
    redact: (text) => kept.redact(text),
    credentials: () =>
      Promise.resolve().then((): Credentials | null => {
        const now = read();
        if (now === null) return null;
        if (now.kind === 'problem')
          throw new RemoteError('remote.denied', `the token: ${now.message}`, now.fix);
        kept.add(now.value);
        return { username, token: now.value };
      }),
  };
}

/** One that a forge hands out for an hour, and renews. */
export function renewedToken(valid: () => Promise<string>): RemoteToken {
  const kept = new TokenMask();
  return {
    redact: (text) => kept.redact(text),
    credentials: async () => {
      const token = await valid();
      kept.add(token);
      return { username, token };
    },
  };
}
