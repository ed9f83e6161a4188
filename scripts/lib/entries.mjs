import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/**
 * The programs that Heliostat consists of: one line each. `lazy` programs keep their dynamic imports as files of
 * their own, so that a cold start reads only what a verb needs; the others are a single file, which goes on working
 * while dist is replaced underneath.
 */
const ENTRIES = [
  { name: 'heliostat', source: 'src/entry/main.ts', lazy: true, executable: true },
  { name: 'gateway', source: 'src/entry/gateway/main.ts' },
  { name: 'reader', source: 'src/entry/reader/main.ts' },
  { name: 'sim', source: 'src/entry/sim/main.ts' },
  { name: 'demo', source: 'src/entry/demo/main.ts' },
  { name: 'bench', source: 'src/entry/bench/main.ts' },
  // What `uses:` runs: committed, since nobody builds it there.
  { name: 'action/index', source: 'src/entry/action/main.ts' },
  { name: 'action/reader', source: 'src/entry/reader/main.ts' },
];

/** The entries whose source exists. */
export function entries() {
  return ENTRIES.filter((entry) => existsSync(join(root, entry.source)));
}
