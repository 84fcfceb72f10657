import type { Check, CheckResult, Finding } from './check.ts';
import { asArray, asNumber, asObject, asText } from './json.ts';
import { type ProgramResult, runProgram } from './program.ts';

/** What each list of knip's report means. */
const KINDS: Readonly<Record<string, string>> = {
  files: 'no one imports this file',
  exports: 'no one imports this export',
  types: 'no one imports this type',
  enumMembers: 'unused member',
  namespaceMembers: 'unused member',
  duplicates: 'exported twice',
  devDependencies: 'unused development dependency',
  optionalPeerDependencies: 'peer dependency is used though optional',
  unlisted: 'used but not declared',
  unresolved: 'cannot be resolved',
  catalog: 'unused catalog entry',
  catalogReferences: 'unknown catalog entry',
};

export const unusedCheck: Check = {
  name: 'unused',
  holds: 'knip finds no unused file, export or dependency',
  async run({ root, signal }) {
    return readKnipReport(await runProgram(root, 'knip', ['--reporter', 'json', '--no-progress'], signal));
  },
};

/** knip ends with 0 (clean) or 1 (findings); anything else, or a report that cannot be read, fails the check. */
export function readKnipReport({ code, stdout, stderr }: ProgramResult): CheckResult {
  const findings: Finding[] = [];
  const report = parse(stdout);
  if (report === undefined)
    return { findings: [{ text: `knip gave no report (exit ${code}): ${(stderr || stdout).trim().slice(0, 500)}` }], notes: [] };
  for (const item of report) {
    const issue = asObject(item);
    for (const [kind, meaning] of Object.entries(KINDS)) {
      const file = asText(issue.file);
      if (kind === 'devDependencies' && file !== 'package.json') continue; // check `exports` tells sources from tests
      for (const entry of asArray(issue[kind]).flat()) {
        const named = asObject(entry);
        const name = asText(named.name) ?? '';
        findings.push({ file, line: asNumber(named.line), text: kind === 'files' ? meaning : `${meaning}: ${name}` });
      }
    }
  }
  if (code !== 0 && findings.length === 0) findings.push({ text: `knip ended with ${code}: ${(stderr || stdout).trim().slice(0, 500)}` });
  return { findings, notes: [] };
}

function parse(stdout: string): readonly unknown[] | undefined {
  const start = stdout.indexOf('{"issues"');
  if (start === -1) return undefined;
  try {
    return asArray(asObject(JSON.parse(stdout.slice(start))).issues);
  } catch {
    return undefined;
  }
}
