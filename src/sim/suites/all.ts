import type { Suite } from './suite.js';

/** In the order of the report. */
export const suites: readonly Suite[] = [];
