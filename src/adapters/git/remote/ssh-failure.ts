import { RemoteError } from './remote.js';
import type { RemoteUrl } from './url.js';

/** What git and ssh say on standard error, in their own language: it is run with `LC_ALL=C`. */
export function sshFailure(errors: string, { url, host }: RemoteUrl): RemoteError {
  const said = lastWords(errors);
  if (denied.test(errors) && !missing.test(errors))
    return new RemoteError(
      'remote.denied',
      `${host} does not let us at ${url}: ${said}`,
      `Look as the same user: git ls-remote ${url}. The key has to be in an agent, or without a passphrase, and the host among the known ones.`,
    );
  if (missing.test(errors))
    return new RemoteError(
      'remote.missing',
      `${host} knows no repository ${url}, or does not show it to us: ${said}`,
      'Look at the URL, and whether the key may read it.',
    );
  return new RemoteError(
    'remote.away',
    `${host} does not answer: ${said}`,
    'Look whether it can be reached from here; it is asked again.',
  );
}

const denied = /Permission denied|Host key verification failed|not allowed|Too many authentication/i;
const missing =
  /does not appear to be a git repository|repository not found|no such repository|project you were looking for could not be found/i;

/** What git adds to each failure says less than what stands before it. */
function lastWords(errors: string): string {
  const lines = errors
    .split('\n')
    .map((line) => line.replace(/^(fatal|error|ssh|remote): /, '').trim())
    .filter(
      (line) =>
        line !== '' &&
        !/^(Could not read from remote|Please make sure you have|and the repository exists)/.test(line),
    );
  return (lines.at(-1) ?? 'git has failed').slice(0, 300);
}
