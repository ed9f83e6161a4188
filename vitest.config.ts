import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // A test that passes at the second try has told nothing.
    retry: 0,
    passWithNoTests: true,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
