import { type Check, type CheckResult, type Finding, formatFinding } from './check.ts';
import { isTestFile, readWorkspace, type SourceFile, type Workspace } from './workspace.ts';

/** Lines that a file should not pass, and that it must not pass without a reason below. */
const SHOULD_LINES = 250;
const MUST_LINES = 400;

/** Files longer than MUST_LINES, and why they stay whole. */
const LONG_FILES: Readonly<Record<string, string>> = {};

/** The first line of a file that a program of `tools/` wrote; its length says nothing about us. */
const MADE = /^\/\/.*\bnot written by hand\b/;

/** Words that are no kebab-case by custom of other programs. */
const CUSTOM_NAMES = new Set(['README.md', 'LICENSE', 'CHANGELOG.md', 'RESULTS.md', '__init__.py']);
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
/** The Python world writes its file names with `_`. */
const PYTHON_NAME = /^[a-z0-9_]+(-[a-z0-9_]+)*\.py$/;

/** Assembled so that this file does not find itself. */
const LEFT_ON = new RegExp(`\\b(?:test|it|describe|suite|bench)\\.(?:only|${'skip'}|todo|fails)\\b`);
const NOTE_TO_SELF = new RegExp(`\\b(?:${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|${['X', 'XX'].join('')})\\b(?!\\(#\\d+\\))`);

/** Made-up inputs have one door, so that the long run knows all of them. */
const OWN_INPUTS = new RegExp(`\\bfc\\.(?:${['ass', 'ert'].join('')}|check)\\(`);
const FUZZ_DOOR = 'packages/testkit/src/fuzz/';

export const namesCheck: Check = {
  name: 'names',
  holds:
    'file names are kebab-case, files keep to their size, no test is switched off or runs made-up inputs by itself, no note to self is left',
  run: async ({ root }) => checkNames(await readWorkspace(root), LONG_FILES),
};

/** `longFiles` maps the path of a file that may pass 400 lines to the reason. */
export function checkNames(workspace: Workspace, longFiles: Readonly<Record<string, string>>): CheckResult {
  const findings: Finding[] = [];
  const notes: string[] = [];
  let files = 0;
  for (const pack of workspace.packages) {
    for (const path of pack.files) {
      files += 1;
      findings.push(...checkName(path));
    }
    for (const source of pack.sources) {
      findings.push(...checkLines(source));
      if (!isTestFile(source.path)) judgeSize(source, longFiles, findings, notes);
    }
  }
  const sources = new Set(workspace.packages.flatMap((pack) => pack.sources.map((source) => source.path)));
  for (const path of Object.keys(longFiles).filter((name) => !sources.has(name))) {
    findings.push({ file: path, text: 'is excused for its length, but is not there' });
  }
  if (files === 0) findings.push({ text: 'no file was read: the check is blind' });
  return { findings, notes: [`${files} file names read`, ...notes] };
}

function checkName(path: string): Finding[] {
  if (path.includes('/fixtures/')) return [];
  return path.split('/').flatMap((part) => {
    if (CUSTOM_NAMES.has(part) || NAME.test(part) || PYTHON_NAME.test(part)) return [];
    return [{ file: path, text: `${part} is not kebab-case` }];
  });
}

function checkLines({ path, text }: SourceFile): Finding[] {
  const findings: Finding[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const found = LEFT_ON.exec(line)?.[0];
    if (found !== undefined) findings.push({ file: path, line: index + 1, text: `${found} leaves a test out of the run` });
    if (OWN_INPUTS.test(line) && !path.startsWith(FUZZ_DOOR)) {
      findings.push({ file: path, line: index + 1, text: 'runs made-up inputs by itself; use fuzz of @fairlead/testkit/fuzz' });
    }
    const note = NOTE_TO_SELF.exec(line)?.[0];
    if (note !== undefined) findings.push({ file: path, line: index + 1, text: `${note} needs the number of an issue: ${note}(#123)` });
  }
  return findings;
}

function judgeSize({ path, text }: SourceFile, longFiles: Readonly<Record<string, string>>, findings: Finding[], notes: string[]): void {
  const lines = text.trimEnd().split('\n').length;
  if (lines <= SHOULD_LINES || MADE.test(text)) return;
  const size = { file: path, text: `${lines} lines` };
  const reason = longFiles[path];
  if (lines <= MUST_LINES) notes.push(`over ${SHOULD_LINES} lines: ${formatFinding(size)}`);
  else if (reason === undefined) findings.push({ file: path, text: `${lines} lines; split it by thought, ${MUST_LINES} is the limit` });
  else notes.push(`excused (${reason}): ${formatFinding(size)}`);
}
