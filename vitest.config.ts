import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// .ci/run reads the totals from a file.
const report = process.env['HELIOSTAT_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['./scripts/generate.mjs', './scripts/nothing-left.mjs'],
    pool: 'forks',
    // More than there are cores where these are few: much of the time is spent waiting for processes.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // A test that passes at the second try has told nothing.
    retry: 0,
    passWithNoTests: true,
    restoreMocks: true,
    unstubEnvs: true,
    reporters: [
      'default',
      ...(report ? [['json', { outputFile: report }] as ['json', { outputFile: string }]] : []),
      './scripts/promises-reporter.mjs',
    ],
  },
});
