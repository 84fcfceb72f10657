import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectErrors, declaredCodes, type ErrorEntry } from '../docs/error-codes.ts';
import { codesIn, formatErrorReference } from '../docs/error-reference.ts';
import { ERROR_PAGE } from '../docs/pages.ts';
import type { Check, CheckResult, Finding } from './check.ts';
import { isTestFile, type Package, type PackageKind, readWorkspace, type SourceFile, type Workspace } from './workspace.ts';

export const errorsCheck: Check = {
  name: 'errors',
  holds: `${ERROR_PAGE} lists exactly the codes in the sources, each with its text and what to do`,
  async run({ root }) {
    const workspace = await readWorkspace(root);
    const entries = await collectErrors(root, workspace);
    return checkErrors({ workspace, entries, page: await readFile(join(root, ERROR_PAGE), 'utf8').catch(() => '') });
  },
};

export interface ErrorsInput {
  readonly workspace: Workspace;
  /** The codes as their modules declare them. */
  readonly entries: readonly ErrorEntry[];
  /** Text of the reference. */
  readonly page: string;
}

export function checkErrors({ workspace, entries, page }: ErrorsInput): CheckResult {
  const known = new Set(entries.map((entry) => entry.code));
  const findings: Finding[] = entries.flatMap((entry) => checkEntry(workspace, entry));
  for (const [code, file] of declaredCodes(workspace)) {
    if (!known.has(code)) findings.push({ file, text: `${code} is declared, but its table is not exported` });
  }
  findings.push(...checkPage(known, page));
  if (findings.length === 0 && page !== formatErrorReference(entries))
    findings.push({ file: ERROR_PAGE, text: 'is out of date: run ./dev docs' });
  if (entries.length === 0) findings.push({ text: 'no code was found: the check is blind' });
  return { findings, notes: [`${entries.length} codes`] };
}

function checkPage(known: ReadonlySet<string>, page: string): Finding[] {
  const listed = new Set(codesIn(page));
  const missing = [...known].filter((code) => !listed.has(code));
  const gone = [...listed].filter((code) => !known.has(code));
  return [
    ...missing.map((code) => ({ file: ERROR_PAGE, text: `${code} is not listed: run ./dev docs` })),
    ...gone.map((code) => ({ file: ERROR_PAGE, text: `${code} is listed, but no source declares it: run ./dev docs` })),
  ];
}

function checkEntry(workspace: Workspace, { code, owner, text, spec }: ErrorEntry): Finding[] {
  const findings: Finding[] = [];
  const pack = workspace.packages.find(({ name }) => name === owner);
  const prefix = pack === undefined ? undefined : codePrefix(pack);
  if (prefix !== undefined && !code.startsWith(prefix)) findings.push({ text: `${code} of ${owner} must begin with ${prefix}` });
  if (text === '') findings.push({ text: `${code} of ${owner} says nothing: write its meaning above it` });
  if (spec !== undefined && (spec.help ?? '') === '') findings.push({ text: `${code} of ${owner} has no help: say what to do` });
  if (pack !== undefined && !isThrown(workspace, code)) findings.push({ text: `${code} of ${owner} is declared and thrown nowhere` });
  return findings;
}

/** Prefix of the codes of a package (`@fairlead/nbd` has `NBD_`), where there is a rule. */
function codePrefix({ kind, dir }: Pick<Package, 'kind' | 'dir'>): string | undefined {
  const id = (dir.split('/')[1] ?? '').toUpperCase().replaceAll('-', '_');
  const prefixes: Partial<Record<PackageKind, string>> = { kernel: 'FAIRLEAD_', http: 'FAIRLEAD_', protocol: `${id}_`, bridge: `${id}_` };
  return prefixes[kind];
}

/** A code that stands only where it is declared is dead. */
function isThrown(workspace: Workspace, code: string): boolean {
  const quoted = new RegExp(`['"\`]${code}['"\`]`, 'g');
  const uses = (source: SourceFile): number => {
    const inUnion = /export type \w*ErrorCode =/.test(source.text) ? 1 : 0;
    return [...stripComments(source.text).matchAll(quoted)].length - inUnion;
  };
  return (
    workspace.packages.some((pack) => pack.sources.some((source) => !isTestFile(source.path) && uses(source) > 0)) ||
    code === 'FAIRLEAD_INTERNAL'
  );
}

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '');
}
