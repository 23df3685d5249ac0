import { expect, test } from 'vitest';
import { countTests, summary } from './test-counts.mjs';

const report = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: [] };
const broken = { status: 'failed', assertionResults: [] };
const failing = { status: 'failed', assertionResults: [{ status: 'failed' }] };

test('counts passed, failed and skipped tests of a run', () => {
  expect(countTests('unit', 1, report)).toEqual({ name: 'unit', passed: 3, failed: 1, skipped: 3 });
});

test('a file that fails before its tests are known is one failure, one with a failed test is not counted twice', () => {
  const files = { ...report, numFailedTests: 1, testResults: [broken, failing] };
  expect(countTests('unit', 1, files)).toMatchObject({ failed: 2 });
});

test('a run that fails without a report, or without naming a test, is one failure', () => {
  expect(countTests('unit', 1, null)).toMatchObject({ failed: 1 });
  expect(countTests('unit', 1, { ...report, numFailedTests: 0 })).toMatchObject({ failed: 1 });
});

test('the last line of the summary is the totals of the tests alone, a failed check among the failures', () => {
  const { text, isGood } = summary([
    { name: 'check', isCheck: true, passed: 7, failed: 1, skipped: 0 },
    { name: 'unit', passed: 5, failed: 0, skipped: 1 },
    { name: 'browser', left: 'no Chromium' },
  ]);
  expect(text.split('\n').at(-1)).toBe('5 passed, 1 failed, 1 skipped');
  expect(text).toContain('browser      left out: no Chromium');
  expect(isGood).toBe(false);
});

test('a run in which no test ran is not good', () => {
  expect(summary([{ name: 'unit', passed: 0, failed: 0, skipped: 4 }]).isGood).toBe(false);
  expect(summary([{ name: 'unit', passed: 1, failed: 0, skipped: 4 }]).isGood).toBe(true);
});
