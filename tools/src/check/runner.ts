import { type Check, type CheckContext, type CheckResult, formatFinding } from './check.ts';

/** Findings of one check that are printed; the rest is counted. */
const PRINTED_FINDINGS = 60;

export interface RunOptions extends CheckContext {
  readonly print: (line: string) => void;
  /** Milliseconds since any fixed point. */
  readonly now: () => number;
}

/** Runs the checks in order, prints one line each and what they found. Returns how many failed. */
export async function runChecks(checks: readonly Check[], options: RunOptions): Promise<number> {
  let failed = 0;
  for (const check of checks) {
    const started = options.now();
    const result = await runOne(check, options);
    const ms = Math.round(options.now() - started);
    if (result.findings.length > 0) failed += 1;
    for (const line of report(check, result, ms)) options.print(line);
  }
  options.print(`${checks.length - failed} of ${checks.length} checks ok`);
  return failed;
}

async function runOne(check: Check, context: CheckContext): Promise<CheckResult> {
  try {
    return await check.run(context);
  } catch (error) {
    return { findings: [{ text: `the check itself failed: ${error instanceof Error ? error.message : String(error)}` }], notes: [] };
  }
}

function report(check: Check, result: CheckResult, ms: number): string[] {
  const count = result.findings.length;
  const head = `${check.name.padEnd(12)} ${count === 0 ? 'ok    ' : 'failed'} ${String(ms).padStart(6)} ms  `;
  const lines = [head + (count === 0 ? check.holds : `${count} ${count === 1 ? 'finding' : 'findings'}; should hold: ${check.holds}`)];
  for (const note of result.notes) lines.push(`             ${note}`);
  for (const finding of result.findings.slice(0, PRINTED_FINDINGS)) lines.push(`  ! ${formatFinding(finding)}`);
  if (count > PRINTED_FINDINGS) lines.push(`  ! and ${count - PRINTED_FINDINGS} more`);
  return lines;
}
