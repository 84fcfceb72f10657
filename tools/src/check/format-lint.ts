import type { Check, CheckResult, Finding } from './check.ts';
import { asArray, asNumber, asObject, asText } from './json.ts';
import { type ProgramResult, runProgram } from './program.ts';

export const formatLintCheck: Check = {
  name: 'format-lint',
  holds: 'Biome finds every file formatted and free of lint errors',
  async run({ root, signal }) {
    return readBiomeReport(await runProgram(root, 'biome', ['check', '--reporter=json', '--max-diagnostics=none'], signal));
  },
};

/** Errors of Biome's JSON report are findings; warnings (long functions, mostly) are counted and named in the notes. */
export function readBiomeReport({ code, stdout, stderr }: Pick<ProgramResult, 'code' | 'stdout' | 'stderr'>): CheckResult {
  const report = parseReport(stdout);
  if (report === undefined)
    return { findings: [{ text: `biome gave no report (exit ${code}): ${stderr.trim().slice(0, 500)}` }], notes: [] };
  const summary = asObject(report.summary);
  const files = (asNumber(summary.changed) ?? 0) + (asNumber(summary.unchanged) ?? 0);
  const findings: Finding[] = [];
  const warnings: string[] = [];
  for (const item of asArray(report.diagnostics)) {
    const { severity, finding } = readDiagnostic(item);
    if (severity === 'error' || severity === 'fatal') findings.push(finding);
    if (severity === 'warning') warnings.push(`warning: ${finding.file ?? ''}:${finding.line ?? 0}  ${finding.text}`);
  }
  if (files === 0) findings.push({ text: 'biome read no file' });
  if (code !== 0 && findings.length === 0) findings.push({ text: `biome ended with ${code}: ${stderr.trim().slice(0, 500)}` });
  return { findings, notes: [`${files} files, ${warnings.length} warnings`, ...warnings] };
}

function readDiagnostic(item: unknown): { severity: string; finding: Finding } {
  const diagnostic = asObject(item);
  const location = asObject(diagnostic.location);
  const category = asText(diagnostic.category) ?? '';
  const text = category === 'format' ? 'is not formatted: run `biome check --write`' : `${asText(diagnostic.message) ?? ''} (${category})`;
  const line = asNumber(asObject(location.start).line);
  return {
    severity: asText(diagnostic.severity) ?? 'error',
    finding: { file: asText(location.path), line: line === 0 ? undefined : line, text },
  };
}

function parseReport(stdout: string): Readonly<Record<string, unknown>> | undefined {
  const start = stdout.indexOf('{"summary"');
  if (start === -1) return undefined;
  try {
    return asObject(JSON.parse(stdout.slice(start)));
  } catch {
    return undefined;
  }
}
