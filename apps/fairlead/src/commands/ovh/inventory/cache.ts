import { readFile } from 'node:fs/promises';
import type { CacheEntry, InventoryCache } from '@fairlead/ovh/inventory';
import { CliError } from '../../../cli-errors.ts';
import { writeWholeFile } from '../shared/whole-file.ts';

export interface CacheOptions {
  /** How long an answer counts. */
  readonly lifetimeMs: number;
  readonly now: () => number;
}

const FORM = 'fairlead-ovh-inventory-1';
const OWNER_ALONE = 0o600;

/**
 * Answers kept in a file from run to run; it is written when the cache is disposed of.
 * Throws `CLI_OVH_FILE` for a file that is something else: it is not overwritten.
 */
export async function openCache(file: string, { lifetimeMs, now }: CacheOptions): Promise<InventoryCache & AsyncDisposable> {
  const oldest = now() - lifetimeMs;
  const entries = new Map((await entriesOf(file)).filter(([, entry]) => entry.readAt >= oldest));
  return {
    get: (key) => entries.get(key),
    set: (key, entry) => void entries.set(key, entry),
    [Symbol.asyncDispose]: () =>
      writeWholeFile(file, `${JSON.stringify({ form: FORM, entries: Object.fromEntries(entries) })}\n`, OWNER_ALONE),
  };
}

async function entriesOf(file: string): Promise<[string, CacheEntry][]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw CliError('CLI_OVH_FILE', { reason: `${file} cannot be read (${error.code ?? error.message})` }, { cause: error });
  });
  if (text === undefined || text === '') return [];
  const kept = parsed(text);
  if (kept === undefined) throw CliError('CLI_OVH_FILE', { reason: `${file} is no cache of this command, and is left as it is` });
  return Object.entries(kept).filter((pair): pair is [string, CacheEntry] => isEntry(pair[1]));
}

function parsed(text: string): object | undefined {
  try {
    const value = JSON.parse(text) as { readonly form?: unknown; readonly entries?: unknown } | null;
    return value?.form === FORM && typeof value.entries === 'object' && value.entries !== null ? value.entries : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is CacheEntry {
  const entry = value as Partial<CacheEntry> | null;
  return typeof entry?.readAt === 'number' && typeof entry.answers === 'object' && entry.answers !== null;
}
