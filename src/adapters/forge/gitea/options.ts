import type { Redactor } from '../../../core/base/safe-text.js';
import type { Waiting } from '../parts/patience.js';

export interface GiteaOptions {
  readonly repository: { readonly owner: string; readonly name: string };
  /** `https://HOST/api/v1`. */
  readonly apiUrl: string;
  /** `https://HOST`. */
  readonly webUrl: string;
  /** Asked for anew for each request, so that a renewed one is used at once. */
  readonly token: () => Promise<string>;
  readonly redact: Redactor;
  /**
   * Logins of other writers of Heliostat, whose comment with our marker counts as ours: it is read, and written anew in
   * its place. Whoever can write as one of them can have us take what it wrote for ours.
   */
  readonly trusted?: readonly string[];
  readonly waiting?: Waiting;
}
