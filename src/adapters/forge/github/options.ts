import type { Redactor } from '../../../core/base/safe-text.js';
import type { Log } from '../../../ports/log.js';
import type { Waiting } from '../parts/patience.js';

export type GithubAuth =
  /** Asked for anew for each request, so that a renewed one is used at once. */
  | { readonly kind: 'token'; readonly token: () => Promise<string> }
  | {
      readonly kind: 'app';
      readonly appId: number | string;
      /** PEM, as GitHub gave it. */
      readonly privateKey: string;
      /** Null: that of the repository. */
      readonly installationId: number | null;
    };

export interface GithubOptions {
  readonly repository: { readonly owner: string; readonly name: string };
  /** `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server. */
  readonly apiUrl: string;
  /** `https://github.com`. */
  readonly webUrl: string;
  readonly auth: GithubAuth;
  readonly redact: Redactor;
  /**
   * Logins of other writers of Heliostat, whose comment with our marker counts as ours: it is read, and written anew in
   * its place. Whoever can write as one of them can have us take what it wrote for ours.
   */
  readonly trusted?: readonly string[];
  readonly log?: Log;
  readonly waiting?: Waiting;
  /** For the age of tokens. Milliseconds since 1970. */
  readonly wallMs?: () => number;
}
