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
  readonly waiting?: Waiting;
}
