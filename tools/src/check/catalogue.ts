import { type CatalogueReasons, CCE, CYBERAPP, IMAGEIO, OVIRT } from './catalogue-left-out.ts';
import type { Check, CheckResult, Finding } from './check.ts';
import { isTestFile, readWorkspace, type SourceFile, type Workspace } from './workspace.ts';

/** A numbered list of cases that tests name in their titles: `imageio 17.20, 17.21: refuses ...`. */
export interface Catalogue {
  readonly name: string;
  readonly chapter: number;
  /** Its cases are 1 to this. */
  readonly last: number;
  readonly reasons: CatalogueReasons;
}

const CATALOGUES: readonly Catalogue[] = [
  { name: 'imageio', chapter: 17, last: 132, reasons: IMAGEIO },
  { name: 'ovirt', chapter: 12, last: 43, reasons: OVIRT },
  { name: 'cce', chapter: 17, last: 138, reasons: CCE },
  { name: 'cyberapp', chapter: 9, last: 179, reasons: CYBERAPP },
];

/** The beginning of a title that names cases, in whichever quotes. */
const TITLE = /[('"`]((?:(?:imageio |ovirt |cce |cyberapp )?\d+\.\d+(?:, )?)+): /g;
const CASE = /(imageio |ovirt |cce |cyberapp )?(\d+)\.(\d+)/g;

export const catalogueCheck: Check = {
  name: 'catalogue',
  holds: 'each case of the catalogues is named by a test, or listed with the reason why not',
  run: async ({ root }) => checkCatalogues(await readWorkspace(root), CATALOGUES),
};

export function checkCatalogues(workspace: Workspace, catalogues: readonly Catalogue[]): CheckResult {
  const tests = workspace.packages
    .flatMap((pack) => pack.sources)
    .filter(({ path }) => /(\.test|\.live|-suite)\.ts$/.test(path) && isTestFile(path));
  const findings: Finding[] = [];
  const notes: string[] = [];
  for (const catalogue of catalogues) {
    const named = namedCases(tests, catalogue);
    findings.push(...strangers(named, catalogue), ...gaps(named, catalogue));
    const listed = Object.keys(catalogue.reasons.leftOut).length;
    const partly = Object.keys(catalogue.reasons.partly).length;
    const place = `${catalogue.name} ${catalogue.chapter}`;
    notes.push(
      `${place}: ${named.size} of ${catalogue.last} cases named by tests (${partly} of them in part), ${listed} listed with a reason`,
    );
  }
  return { findings, notes };
}

/** The cases that titles name, each with the first file that does. */
export function namedCases(tests: readonly SourceFile[], { name, chapter }: Pick<Catalogue, 'name' | 'chapter'>): Map<number, string> {
  const named = new Map<number, string>();
  for (const { path, text } of tests) {
    for (const [, title = ''] of text.matchAll(TITLE)) {
      let family = '';
      for (const [, word, part, number] of title.matchAll(CASE)) {
        family = word?.trim() ?? family;
        if (family === name && Number(part) === chapter && !named.has(Number(number))) named.set(Number(number), path);
      }
    }
  }
  return named;
}

function strangers(named: ReadonlyMap<number, string>, { name, chapter, last, reasons }: Catalogue): Finding[] {
  const findings: Finding[] = [];
  for (const [number, file] of named) {
    if (number < 1 || number > last) findings.push({ file, text: `names ${name} ${chapter}.${number}; there are 1 to ${last}` });
    else if (number in reasons.leftOut) findings.push({ file, text: `names ${name} ${chapter}.${number}, which is listed as left out` });
  }
  return findings;
}

function gaps(named: ReadonlyMap<number, string>, { name, chapter, last, reasons }: Catalogue): Finding[] {
  const findings: Finding[] = [];
  for (let number = 1; number <= last; number += 1) {
    const reason = reasons.leftOut[number];
    const text = `${name} ${chapter}.${number}`;
    if (!named.has(number) && reason === undefined) findings.push({ text: `${text} is neither named by a test nor listed with a reason` });
    if (reason?.trim() === '' || reasons.partly[number]?.trim() === '') findings.push({ text: `${text} has an empty reason` });
    if (number in reasons.partly && !named.has(number))
      findings.push({ text: `${text} is listed as proven in part, but no test names it` });
  }
  return findings;
}
