import type { Bug } from './bug.js';
import { carrierBugs } from './carrier-bugs.js';
import { diskBugs } from './disk-bugs.js';
import { factBugs } from './fact-bugs.js';
import { forgeBugs } from './forge-bugs.js';
import { providerBugs } from './provider-bugs.js';
import { repositoryBugs } from './repository-bugs.js';
import { stepBugs } from './step-bugs.js';

export const bugs: readonly Bug[] = [
  ...diskBugs,
  ...providerBugs,
  ...repositoryBugs,
  ...factBugs,
  ...stepBugs,
  ...carrierBugs,
  ...forgeBugs,
];
