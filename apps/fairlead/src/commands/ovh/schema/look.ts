import { describeRoute, type RouteInfo, searchRoutes } from '@fairlead/ovh/schema';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { explained } from '../shared/explain-error.ts';
import type { PrintWords } from '../shared/print.ts';
import { printResult } from '../shared/print.ts';
import { printRows, wantsWhole } from '../shared/rows.ts';
import { describeText } from './describe-text.ts';
import { type FolderWords, openCatalogue } from './folder.ts';

export type LookWords = FolderWords & PrintWords;

export type DescribeWords = LookWords & { readonly models?: boolean };

/** Prints the sections with their numbers, or the routes of one. Throws ToldError: `CLI_OVH_NO_ROUTE`, `CLI_OVH_NO_SCHEMA`. */
export async function listSchemas(section: string | undefined, words: LookWords, output: Output): Promise<void> {
  await explained(words, async () => {
    const { routes } = await openCatalogue(words);
    if (section === undefined) {
      printRows(sectionsOf(routes), (row) => row, words, output);
      return;
    }
    const wanted = section.replace(/^\//, '');
    const found = routes.filter((route) => route.section === wanted);
    if (found.length === 0) throw CliError('CLI_OVH_NO_ROUTE', { wanted: `section ${section}` });
    printRoutes(found, words, output);
  });
}

function sectionsOf(routes: readonly RouteInfo[]): object[] {
  const sections = Map.groupBy(routes, (route) => route.section);
  return [...sections]
    .map(([section, ones]) => ({
      section,
      paths: new Set(ones.map((route) => route.path)).size,
      operations: ones.length,
      deprecated: ones.filter((route) => route.deprecation !== undefined || route.status === 'deprecated').length,
    }))
    .sort((a, b) => (a.section < b.section ? -1 : 1));
}

/** Prints routes that have all of the words. Throws ToldError: `CLI_OVH_NO_ROUTE` when there is none. */
export async function searchSchemas(query: readonly string[], words: LookWords, output: Output): Promise<void> {
  await explained(words, async () => {
    if (query.join('').trim() === '') throw CliError('CLI_USAGE', { reason: 'search for at least one word' });
    const found = searchRoutes(await openCatalogue(words), query.join(' '));
    if (found.length === 0) throw CliError('CLI_OVH_NO_ROUTE', { wanted: `route with ${query.join(' ')}` });
    printRoutes(found, words, output);
  });
}

function printRoutes(routes: readonly RouteInfo[], words: LookWords, output: Output): void {
  const rowOf = ({ method, path, status, description }: RouteInfo) => ({ method, path, status, description });
  printRows(routes, rowOf, words, output);
}

/** Prints what a path can do, or one method of it. Throws ToldError: `CLI_OVH_NO_ROUTE`, `CLI_USAGE`. */
export async function describeOne(words: readonly string[], options: DescribeWords, output: Output): Promise<void> {
  await explained(options, async () => {
    const { method, path } = routeIn(words.join(' '));
    const found = describeRoute(await openCatalogue(options), path);
    const operations = found?.operations.filter((operation) => method === undefined || operation.method === method) ?? [];
    if (found === undefined || operations.length === 0) throw CliError('CLI_OVH_NO_ROUTE', { wanted: `route ${words.join(' ')}` });
    if (wantsWhole(options)) printResult({ ...found, operations }, options, output);
    else output.print(describeText({ ...found, operations }, options.models === true));
  });
}

function routeIn(text: string): { readonly method?: string; readonly path: string } {
  const [, method, path] = /^(?:([A-Za-z]+)[ :])?(\/\S*)$/.exec(text.trim()) ?? [];
  if (path === undefined) throw CliError('CLI_USAGE', { reason: `${text} is no route such as /vps/{serviceName} or GET /me` });
  return method === undefined ? { path } : { method: method.toUpperCase(), path };
}
