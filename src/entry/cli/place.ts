import { Failure, type Place } from './operations.js';

export interface GlobalOptions {
  readonly json?: boolean;
  readonly repo?: string;
  readonly domain?: string;
  readonly config?: string;
}

/** @throws {Failure} for an address that carries a password: arguments are seen by every user of the machine. */
export function placeOf(options: GlobalOptions): Place {
  const { repo, domain, config } = options;
  if (repo !== undefined && carriesSecret(repo)) {
    throw new Failure(
      'cli.secretInArgument',
      'the address given by --repo contains a password or token, which every user of this machine can read',
      'Leave it out of the address, and name its source in heliostat.config.yaml, or set it in the environment.',
    );
  }
  return { repo: repo ?? null, domain: domain ?? null, config: config ?? null };
}

/** A password in any address; over HTTP whatever stands before `@`, for a token alone does as well; and in a query. */
function carriesSecret(address: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:\/\/[^/@]*:[^/]*@/i.test(address) ||
    /^https?:\/\/[^/]*@/i.test(address) ||
    /^[a-z][a-z0-9+.-]*:.*[?&;#][^=]*(?:token|secret|passw|key|auth)[^=]*=./i.test(address)
  );
}
