/** One thing that is wrong, and where. */
export interface Finding {
  /** Path relative to the root of the project. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly text: string;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  /** Facts worth a line that do not fail the check: how much was read, what is near its limit. */
  readonly notes: readonly string[];
}

export interface CheckContext {
  /** Absolute path of the project. */
  readonly root: string;
  readonly signal: AbortSignal;
}

/** A named check. `run` throws only when it could not look at all; that fails the check too. */
export interface Check {
  readonly name: string;
  /** What holds when the check is green, in one sentence. */
  readonly holds: string;
  run(context: CheckContext): Promise<CheckResult>;
}

export function formatFinding(finding: Finding): string {
  if (finding.file === undefined) return finding.text;
  const place = finding.line === undefined ? finding.file : `${finding.file}:${finding.line}`;
  return `${place}  ${finding.text}`;
}
