import { crashPoints } from './crash/crash-points.js';
import type { Suite } from './suite.js';

/** In the order of the report. */
export const suites: readonly Suite[] = [crashPoints];
