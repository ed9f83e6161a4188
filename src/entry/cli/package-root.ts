import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invariant } from '../../core/base/assert.js';

/** The folder of the installed package: it holds `schemas/` beside the bundles, and beside the sources. */
export function packageRoot(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'schemas', 'solution.schema.json'))) {
    invariant(dirname(at) !== at, 'the package has no schemas');
    at = dirname(at);
  }
  return at;
}
