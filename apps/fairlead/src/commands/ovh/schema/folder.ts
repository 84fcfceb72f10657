import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from '@fairlead/ovh';
import { loadConfig } from '@fairlead/ovh';
import { type Catalogue, readSchemaFolder } from '@fairlead/ovh/schema';
import { CliError } from '../../../cli-errors.ts';

/** Where the documents of an endpoint are kept, when nobody names a folder. */
export function folderOf(endpoint: Pick<Endpoint, 'name'>): string {
  const { XDG_CACHE_HOME: cache } = process.env;
  const base = cache === undefined || !cache.startsWith('/') ? join(homedir(), '.cache') : cache;
  return join(base, 'fairlead', 'ovh-schemas', endpoint.name.replace(/[^\w.-]+/g, '-'));
}

export interface FolderWords {
  readonly folder?: string;
  readonly endpoint?: string;
}

/** The documents that the options mean. Throws `CLI_OVH_NO_SCHEMA` when they were not fetched yet. */
export async function openCatalogue({ folder, endpoint }: FolderWords): Promise<Catalogue> {
  const configured = () => loadConfig({ auth: 'none', ...(endpoint !== undefined && { endpoint }) }).endpoint;
  return readFolder(folder ?? folderOf(configured()));
}

/** Throws `CLI_OVH_NO_SCHEMA`, `OVH_SCHEMA`. */
export async function readFolder(folder: string): Promise<Catalogue> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  if (!names.some((name) => name.endsWith('.json'))) throw CliError('CLI_OVH_NO_SCHEMA', { folder });
  return readSchemaFolder(folder);
}
