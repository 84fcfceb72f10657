import type { Workspace } from '../check/workspace.ts';
import { collectSections, configPages } from './config-pages.ts';
import { collectErrors } from './error-codes.ts';
import { formatErrorReference } from './error-reference.ts';
import { collectInstruments, METRICS_PAGE, metricsPage } from './metrics-page.ts';

/** Path of the list of error codes. */
export const ERROR_PAGE = 'docs/reference/errors.md';

/** Every generated page by its path. */
export async function generatePages(root: string, workspace: Workspace): Promise<Readonly<Record<string, string>>> {
  const sections = await collectSections(root);
  return {
    [ERROR_PAGE]: formatErrorReference(await collectErrors(root, workspace)),
    [METRICS_PAGE]: metricsPage(await collectInstruments(root)),
    ...configPages(sections),
  };
}
