// Sums the reports of several vitest runs: `node scripts/totals.mjs FAILED_STEPS REPORT…` prints `N passed, N failed`.
// A report that is missing, or a test file that could not even be loaded, counts as one failure.
import { readFileSync } from 'node:fs';

const [failedSteps, ...reports] = process.argv.slice(2);
const totals = reports.map(totalsOf);
const passed = totals.reduce((sum, total) => sum + total.passed, 0);
const failed = totals.reduce((sum, total) => sum + total.failed, Number(failedSteps));
console.log(`${passed} passed, ${failed} failed`);

function totalsOf(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
    );
    const failed = report.numFailedTests + broken.length;
    // An unhandled rejection fails a run without failing a test.
    return { passed: report.numPassedTests, failed: failed === 0 && !report.success ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
