import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorSpec } from '@fairlead/kernel/errors';
import { isTestFile, type Package, type SourceFile, type Workspace } from '../check/workspace.ts';

/** One code of the reference. Packages without the kernel declare a code and its meaning only. */
export interface ErrorEntry {
  readonly code: string;
  /** Name of the package that declares it. */
  readonly owner: string;
  /** What it means or what the caller reads. */
  readonly text: string;
  readonly spec?: ErrorSpec | undefined;
}

/** Where codes are declared by the kernel's means: `defineErrors({ CODE: {…} })`. */
const DECLARES = /\bdefineErrors\(/;
const DECLARED_ROW = /^ {2}([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+):/gm;
/** A union of codes and the comment above it; a comment inside may hold a semicolon. */
const CODE_UNION = /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)?export type \w*ErrorCode =((?:\/\*[\s\S]*?\*\/|[^;/])*);/g;

/** All codes that the sources of the packages declare, by loading the modules that declare them. Sorted by package and code. */
export async function collectErrors(root: string, workspace: Workspace): Promise<ErrorEntry[]> {
  const entries: ErrorEntry[] = [];
  for (const pack of workspace.packages) {
    if (pack.kind === 'workshop' || pack.kind === 'testkit') continue;
    for (const source of declaringSources(pack)) {
      if (DECLARES.test(source.text)) entries.push(...specEntries(pack, await import(pathToFileURL(join(root, source.path)).href)));
      entries.push(...unionEntries(pack, source.text));
    }
  }
  return sortEntries(entries);
}

/** The codes that stand in the sources, found by reading alone: what `collectErrors` must have found too. */
export function declaredCodes(workspace: Workspace): Map<string, string> {
  const codes = new Map<string, string>();
  for (const pack of workspace.packages) {
    if (pack.kind === 'workshop' || pack.kind === 'testkit') continue;
    for (const source of declaringSources(pack)) {
      if (DECLARES.test(source.text)) for (const row of source.text.matchAll(DECLARED_ROW)) codes.set(row[1] ?? '', source.path);
      for (const entry of unionEntries(pack, source.text)) codes.set(entry.code, source.path);
    }
  }
  return codes;
}

/** Reads `export type XErrorCode = | 'A' | 'B'`; a meaning stands above the member, or as a list item above the type. */
export function unionEntries(pack: Pick<Package, 'name'>, text: string): ErrorEntry[] {
  const entries: ErrorEntry[] = [];
  for (const [, comment = '', members = ''] of text.matchAll(CODE_UNION)) {
    for (const member of members.matchAll(/(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?\|?\s*'([A-Z0-9_]+)'/g)) {
      const code = member[2] ?? '';
      entries.push({ code, owner: pack.name, text: oneLine(member[1] ?? listItem(comment, code)) });
    }
  }
  return entries;
}

function sortEntries(entries: readonly ErrorEntry[]): ErrorEntry[] {
  const unique = new Map(entries.map((entry) => [entry.code, entry]));
  return [...unique.values()].sort((a, b) => compare(a.owner, b.owner) || compare(a.code, b.code));
}

function declaringSources(pack: Package): SourceFile[] {
  return pack.sources.filter(({ path, text }) => {
    if (isTestFile(path) || !path.startsWith(`${pack.dir}/src/`)) return false;
    return DECLARES.test(text) || text.search(CODE_UNION) !== -1;
  });
}

function specEntries(pack: Package, module: Readonly<Record<string, unknown>>): ErrorEntry[] {
  return Object.values(module).flatMap((value) => {
    const specs: unknown = typeof value === 'function' && 'specs' in value ? value.specs : undefined;
    return Array.isArray(specs) ? (specs as ErrorSpec[]).map((spec) => ({ code: spec.code, owner: pack.name, text: spec.text, spec })) : [];
  });
}

function listItem(comment: string, code: string): string {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*\s?/, ''));
  const start = lines.findIndex((line) => line.startsWith(`- \`${code}\`:`));
  if (start === -1) return '';
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('- ') || line.startsWith('/') || line.trim() === '');
  return [lines[start]?.slice(`- \`${code}\`:`.length) ?? '', ...rest.slice(0, end === -1 ? undefined : end)].join(' ');
}

function oneLine(text: string): string {
  return text
    .replace(/^\s*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
