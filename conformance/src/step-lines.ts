import type { Totals } from './client.ts';

/** Counts what a client prints: a line that begins with `passed`, `failed` or `skipped` and two spaces is a step. */
export class StepLines {
  #counts = { passed: 0, failed: 0, skipped: 0 };

  read(line: string): void {
    const word = /^(passed|failed|skipped) {2}\S/.exec(line)?.[1];
    if (word === 'passed' || word === 'failed' || word === 'skipped') this.#counts[word] += 1;
  }

  /** `code` is the exit code of the client. One that fails without naming a step, or that did nothing, has failed. */
  end(code: number | null): Totals {
    const { passed, failed, skipped } = this.#counts;
    const silent = failed === 0 && (code !== 0 || passed === 0);
    return { passed, failed: silent ? 1 : failed, skipped };
  }
}

export function sum(totals: readonly Totals[]): Totals {
  const zero: Totals = { passed: 0, failed: 0, skipped: 0 };
  return totals.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }), zero);
}

/** The last line of a run. */
export function closingLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
