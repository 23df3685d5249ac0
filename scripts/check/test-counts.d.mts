interface Counts {
  name: string;
  passed: number;
  failed: number;
  skipped: number;
  isCheck?: boolean;
}
/** What vitest's JSON report says that is counted here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: readonly { status: string; assertionResults: readonly { status: string }[] }[];
}
/** Counts one vitest run; null when there is no report. */
export function countTests(name: string, exitCode: number | null, report: Report | null): Counts;
/** The closing summary: its last line holds the totals of the tests. */
export function summary(rows: readonly (Counts | { name: string; left: string })[]): { text: string; isGood: boolean };
