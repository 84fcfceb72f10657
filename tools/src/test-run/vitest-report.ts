import type { Counts } from './counts.ts';

/** A test that failed, or a file that could not be loaded. */
export interface Failure {
  /** Relative to the root. */
  readonly file: string;
  readonly title: string;
  /** First line of what went wrong. */
  readonly message: string;
}

interface Report {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly numPendingTests?: number;
  readonly numTodoTests?: number;
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults?: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** Counts of a JSON report; one that is absent or says nothing of a bad end counts as a failure. */
export function vitestCounts(report: string, exitCode: number): Counts {
  const totals = JSON.parse(report) as Report;
  const failed = (totals.numFailedTests ?? 0) + Number(exitCode !== 0 && !totals.numFailedTests);
  return { passed: totals.numPassedTests ?? 0, failed, skipped: (totals.numPendingTests ?? 0) + (totals.numTodoTests ?? 0) };
}

/** Every failure of a report, in its order. */
export function vitestFailures(report: string, root: string): readonly Failure[] {
  const { testResults = [] } = JSON.parse(report) as Report;
  return testResults.flatMap(({ name, status, message = '', assertionResults = [] }) => {
    const file = name.startsWith(`${root}/`) ? name.slice(root.length + 1) : name;
    const failed = assertionResults.filter((one) => one.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [{ file, title: '(the file itself)', message: firstLine(message) }];
    return failed.map(({ fullName, failureMessages = [] }) => ({ file, title: fullName, message: firstLine(failureMessages[0] ?? '') }));
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]?.slice(0, 300) ?? '';
}
