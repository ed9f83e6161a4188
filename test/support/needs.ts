import { describe, test } from 'vitest';
import { pathOfTool, type OptionalToolName } from '../../scripts/optional-tools.mjs';

/**
 * A `describe` for tests that need a tool which not every machine has. Without the tool they are skipped and the end
 * of `npm test` says how to get it; with HELIOSTAT_REQUIRE_ALL=1 they run, and fail, so that a run which must be whole
 * cannot be quietly smaller.
 *
 *     describeNeeding('chromium')('the sample page', () => { … pathOfTool('chromium') … });
 */
export function describeNeeding(tool: OptionalToolName): (title: string, tests: () => void) => void {
  const absent = pathOfTool(tool) === undefined && process.env['HELIOSTAT_REQUIRE_ALL'] !== '1';
  return (title, tests) => describe.skipIf(absent)(`${title} (needs ${tool})`, tests);
}

/**
 * A test that takes long and shows what others show in part: only in a run that must be whole
 * (HELIOSTAT_REQUIRE_ALL=1, as CI sets it), so that `npm test` stays short.
 */
export const testInWholeRun = test.skipIf(process.env['HELIOSTAT_REQUIRE_ALL'] !== '1');
