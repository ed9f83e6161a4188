import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { initRepository, removeFolder } from './real-git.js';

export * from './real-git.js';

/** A folder for one test, removed when that test is finished. Call it inside a test or a `beforeEach`. */
export function makeFolder(prefix = 'heliostat-'): string {
  const folder = makeLastingFolder(prefix);
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** A folder for a whole file of tests: the caller removes it with `removeFolder` in its `afterAll`. */
export function makeLastingFolder(prefix = 'heliostat-'): string {
  return realpathSync(mkdtempSync(join(tmpdir(), prefix)));
}

/** An empty repository with the branch `main`, removed when the test is finished; returns its folder. */
export function makeRepository(...initArguments: string[]): string {
  return initRepository(makeFolder(), ...initArguments);
}
