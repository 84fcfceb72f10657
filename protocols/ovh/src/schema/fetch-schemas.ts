import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OvhClient } from '../client/client.ts';
import type { RouteMap } from '../client/routes.ts';
import { ApiError } from '../errors/api-error.ts';
import { ConfigurationError, SchemaError } from '../errors/errors.ts';
import { InvalidResponseError } from '../errors/refusals.ts';
import { replaceFile } from '../files/replace-file.ts';
import { readSchemas } from './read-schemas.ts';

export interface FetchOptions {
  /** Only these: `vps`, `dedicated/server`, `v2/iam`. Default: all of the index of v1 and of that of v2, where there is one. */
  readonly sections?: readonly string[] | undefined;
  /** Default `openapi`; `ovh` is OVHcloud's own form. */
  readonly form?: 'openapi' | 'ovh' | undefined;
  /** Documents at once. Default 4. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface FetchedSchemas {
  /** In a stable order. `file` is within the folder; `changed` is false where it was there already, the same. */
  readonly documents: readonly { readonly section: string; readonly file: string; readonly changed: boolean }[];
  /** Sections that could not be had; the others were, and what was in the folder is still there. */
  readonly failed: readonly { readonly section: string; readonly error: unknown }[];
}

/** As the API names them; nothing else may become the name of a file. */
const SECTION = /^(?:v2\/)?[A-Za-z0-9][A-Za-z0-9_-]*(?:\/[A-Za-z0-9][A-Za-z0-9_-]*){0,7}$/;
const MOST_SECTIONS = 2000;
/** They are published. */
const READABLE_BY_ALL = 0o644;

/**
 * Writes the schema documents of the client's endpoint into a folder: `vps.json`, `dedicated/server.json`, `v2/iam.json`. The calls are
 * anonymous, whoever the client is; a document is read before it replaces the one that is there, and a section that fails does not
 * lose the others. Throws SchemaError where an index cannot be read, or one of `options.sections` is no name.
 */
export async function fetchSchemas<R extends RouteMap>(
  client: OvhClient<R>,
  folder: string,
  options: FetchOptions = {},
): Promise<FetchedSchemas> {
  const { form = 'openapi', concurrency = 4, signal, onProgress } = options;
  if (!(concurrency >= 1)) throw new ConfigurationError('concurrency must be 1 or more');
  const sections = [...new Set(options.sections?.map(sectionOf) ?? (await indexOf(client, signal)))].sort();
  const documents: FetchedSchemas['documents'][number][] = [];
  const failed: FetchedSchemas['failed'][number][] = [];
  const waiting = sections.values();
  let done = 0;
  const work = async (): Promise<void> => {
    for (const section of waiting) {
      signal?.throwIfAborted();
      try {
        documents.push(await keep(folder, section, await documentOf({ client, signal }, sectionOf(section), form)));
      } catch (error) {
        signal?.throwIfAborted();
        failed.push({ section, error });
      }
      done += 1;
      onProgress?.(done, sections.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, sections.length) }, work));
  return { documents: documents.toSorted(bySection), failed: failed.toSorted(bySection) };
}

type Asking = { readonly client: Pick<OvhClient, 'request'>; readonly signal: AbortSignal | undefined };

async function indexOf(client: Pick<OvhClient, 'request'>, signal: AbortSignal | undefined): Promise<string[]> {
  const v1 = await sectionsIn({ client, signal }, '/1.0/');
  // So you Start and Kimsufi have no v2 (spec 1.1).
  const v2 = await sectionsIn({ client, signal }, '/v2').catch((error: unknown) => {
    if (error instanceof SchemaError && error.cause instanceof ApiError && error.cause.status === 404) return [];
    throw error;
  });
  return [...v1, ...v2.map((section) => `v2/${section}`)];
}

async function sectionsIn(asking: Asking, path: string): Promise<string[]> {
  const index = (await load(asking, path, {})) as { readonly apis?: unknown } | null;
  const apis = index?.apis;
  if (!Array.isArray(apis) || apis.length > MOST_SECTIONS) throw new SchemaError('is no index of schemas: it has no list of apis', path);
  return apis.map((api: unknown) => {
    const section = (api as { readonly path?: unknown } | null)?.path;
    if (typeof section !== 'string') throw new SchemaError('is no index of schemas: a section has no path', path);
    return section.replace(/^\/+/, '');
  });
}

function sectionOf(given: string): string {
  const section = given.replace(/^\/+/, '').replace(/\.json$/, '');
  if (!SECTION.test(section)) throw new SchemaError(`${JSON.stringify(given.slice(0, 80))} is no name of a section`);
  return section;
}

/** As text, with two spaces: files that people compare. */
async function documentOf(asking: Asking, section: string, form: 'openapi' | 'ovh'): Promise<string> {
  const path = section.startsWith('v2/') ? `/${section}.json` : `/1.0/${section}.json`;
  const text = `${JSON.stringify(await load(asking, path, form === 'openapi' ? { format: 'openapi3' } : {}), undefined, 2)}\n`;
  readSchemas([{ name: `${section}.json`, text }]);
  return text;
}

async function load({ client, signal }: Asking, path: string, query: Record<string, string>): Promise<unknown> {
  try {
    return await client.request('GET', path, { query, auth: false, signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof InvalidResponseError) throw new SchemaError(`Unable to parse the schema ${path}`, undefined, error);
    if (error instanceof ApiError)
      throw new SchemaError(`Unable to load schema ${path}, HTTP response code: ${error.status}`, undefined, error);
    throw error;
  }
}

/** The old document stays until the new one is whole. */
async function keep(folder: string, section: string, text: string): Promise<FetchedSchemas['documents'][number]> {
  const file = `${section}.json`;
  const place = join(folder, file);
  if ((await readFile(place, 'utf8').catch(() => undefined)) === text) return { section, file, changed: false };
  await mkdir(dirname(place), { recursive: true });
  try {
    await replaceFile(place, text, READABLE_BY_ALL);
  } catch (cause) {
    throw new SchemaError('cannot be written', place, cause);
  }
  return { section, file, changed: true };
}

function bySection(one: { readonly section: string }, other: { readonly section: string }): number {
  return one.section < other.section ? -1 : 1;
}
