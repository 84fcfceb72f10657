import type { Check, CheckResult, Finding } from './check.ts';
import { type ProgramResult, runProgram } from './program.ts';
import { readWorkspace } from './workspace.ts';

const DIAGNOSTIC = /^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/;
const PLAIN_DIAGNOSTIC = /^error (TS\d+): (.*)$/;
/** "No inputs were found in config file". */
const NO_INPUTS = 'TS18003';

export const typesCheck: Check = {
  name: 'types',
  holds: 'sources and tests pass the TypeScript compiler',
  async run({ root, signal }) {
    const empty = (await readWorkspace(root)).packages.filter((pack) => pack.sources.length === 0).map((pack) => pack.dir);
    const build = readCompilerReport(await runProgram(root, 'tsc', ['-b', '--pretty', 'false'], signal), empty);
    const tests = readCompilerReport(await runProgram(root, 'tsc', ['-p', 'tsconfig.tests.json', '--pretty', 'false'], signal), empty);
    return { findings: unique([...build.findings, ...tests.findings]), notes: [...new Set([...build.notes, ...tests.notes])] };
  },
};

/** A package that has no sources yet is a note; every other complaint is a finding. */
export function readCompilerReport({ code, stdout, stderr }: ProgramResult, emptyPackages: readonly string[]): CheckResult {
  const findings: Finding[] = [];
  const notes: string[] = [];
  for (const line of stdout.split('\n')) {
    const located = DIAGNOSTIC.exec(line);
    const plain = PLAIN_DIAGNOSTIC.exec(line);
    if (located) findings.push({ file: located[1], line: Number(located[2]), text: `${located[4]} (${located[3]})` });
    else if (plain?.[1] === NO_INPUTS && emptyPackages.some((dir) => line.includes(`/${dir}/`))) notes.push(`no sources yet: ${plain[2]}`);
    else if (plain) findings.push({ text: `${plain[2]} (${plain[1]})` });
  }
  if (code !== 0 && findings.length === 0 && notes.length === 0) {
    findings.push({ text: `tsc ended with ${code}: ${(stderr || stdout).trim().slice(0, 500)}` });
  }
  return { findings, notes };
}

function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.file}:${finding.line}:${finding.text}`, finding])).values()];
}
