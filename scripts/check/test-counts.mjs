/**
 * What one suite came to.
 * @typedef {{ name: string, passed: number, failed: number, skipped: number, isCheck?: boolean }} Counts
 * @typedef {{ name: string, left: string }} LeftOut a suite that could not run here, and why
 */

/**
 * Counts one vitest run from its JSON report. A file that fails before its tests are known counts as one failure, and
 * so does a run that fails without naming a test.
 * @returns {Counts}
 */
export function countTests(name, exitCode, report) {
  if (report === null) return { name, passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    name,
    passed: report.numPassedTests,
    failed: exitCode === 0 ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * The closing summary; its last line holds the totals of the tests, alone and plain, for programs that read it.
 * @param {(Counts | LeftOut)[]} rows
 */
export function summary(rows) {
  const ran = rows.filter((row) => 'passed' in row);
  const total = (field, among) => among.reduce((sum, row) => sum + row[field], 0);
  const tests = ran.filter((row) => !row.isCheck);
  const counts = (row) => `${row.passed} passed, ${row.failed} failed, ${row.skipped} skipped`;
  // A failed check is a failure; that checks passed says nothing about how many tests there are.
  const totals = { passed: total('passed', tests), failed: total('failed', ran), skipped: total('skipped', tests) };
  const nothingRan = tests.length > 0 && totals.passed + totals.failed === 0;
  const lines = rows.map((row) => `  ${row.name.padEnd(12)} ${'left' in row ? `left out: ${row.left}` : counts(row)}`);
  return {
    text: ['', 'Summary', ...lines, ...(nothingRan ? ['No test ran.'] : []), '', counts(totals)].join('\n'),
    isGood: totals.failed === 0 && !nothingRan,
  };
}
