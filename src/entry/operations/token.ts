import { redactorOf, type Redactor } from '../../core/base/safe-text.js';

/** GitHub's name for whoever comes with a token alone; the others take any. */
export const tokenUser = 'x-access-token';

/** Where a token for this host is, if nobody says where: that of a workflow is shown to no host but the one that has made it. */
export function usualTokenSource(host: string, environment: NodeJS.ProcessEnv): string | null {
  const name = ['HELIOSTAT_TOKEN', ...(isGitHub(host, environment) ? ['GITHUB_TOKEN'] : [])].find(
    (variable) => (environment[variable] ?? '') !== '',
  );
  return name === undefined ? null : `env:${name}`;
}

function isGitHub(host: string, environment: NodeJS.ProcessEnv): boolean {
  if (host === 'github.com') return true;
  const server = environment['GITHUB_SERVER_URL'] ?? '';
  return URL.canParse(server) && new URL(server).host === host;
}

/** Keeps tokens out of every message: all that were ever added. */
export class TokenMask {
  redact: Redactor = redactorOf([]);
  private readonly values = new Set<string>();

  /** As it is, and as it stands in a header. */
  add(token: string): void {
    if (this.values.has(token)) return;
    this.values.add(token).add(Buffer.from(`${tokenUser}:${token}`).toString('base64'));
    this.redact = redactorOf(this.values);
  }
}
