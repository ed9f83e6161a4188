import { acto } from './acto.js';
import { planted } from './planted.js';
import { crashPoints } from './crash/crash-points.js';
import { reverts } from './reverts.js';
import { sieve } from './sieve/sieve.js';
import type { Suite } from './suite.js';

/** In the order of the report. */
export const suites: readonly Suite[] = [reverts, crashPoints, sieve, acto, planted];
