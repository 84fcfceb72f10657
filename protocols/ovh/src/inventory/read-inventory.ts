import { ConfigurationError } from '../errors/errors.ts';
import type { InventoryClient, InventoryOptions } from './options.ts';
import { type DirectoryKind, readDirectory } from './read/directory.ts';
import { isRefusal, missingIn } from './read/failure.ts';
import { listKind, nameOnly, readKind } from './read/kinds.ts';
import { together } from './read/pool.ts';
import { byRoute, Run } from './read/run.ts';
import type { Inventory, InventoryRecord, RecordKind } from './record.ts';

/** The order of kinds in an inventory. */
const KINDS: readonly RecordKind[] = ['baremetal', 'vps', 'cloud-instance', 'domain', 'ip'];

/**
 * What an account runs: dedicated servers, VPS, public cloud instances, domains and blocks of addresses (spec 10.3).
 * A call that fails costs what it would have told and nothing else: it is noted in its record, a failed list in the inventory.
 * Throws the reason of the signal when that aborts; the error of the first call when not one was answered well (no network, no
 * valid key); ConfigurationError for a kind that there is not.
 */
export async function readInventory(client: InventoryClient, options: InventoryOptions = {}): Promise<Inventory> {
  options.signal?.throwIfAborted();
  const kinds = chosenKinds(options.kinds);
  const ending = new AbortController();
  const signal = options.signal === undefined ? ending.signal : AbortSignal.any([options.signal, ending.signal]);
  const run = new Run(client, { ...options, signal });
  try {
    run.directory = await readDirectory(run.asker, kinds.map(directoryKind), client.endpoint.v2);
    if (run.directory.error !== undefined) run.errors.push(run.directory.error);
    await run.readAccount();
    const parts = options.minimal === true ? await minimalParts(run, kinds) : await fullParts(run, kinds, ending);
    return inventoryOf(run, client, parts.flat());
  } finally {
    ending.abort();
  }
}

/** The first part that fails for good ends the others. */
function fullParts(run: Run, kinds: readonly RecordKind[], ending: AbortController): Promise<InventoryRecord[][]> {
  const part = async (kind: RecordKind): Promise<InventoryRecord[]> => {
    try {
      return await readKind(run, kind);
    } catch (error) {
      ending.abort(error);
      throw error;
    }
  };
  return together(kinds.map(part));
}

async function minimalParts(run: Run, kinds: readonly RecordKind[]): Promise<InventoryRecord[][]> {
  const { directory } = run;
  if (!directory.complete && directory.error === undefined) return together(kinds.map((kind) => listKind(run, kind)));
  return kinds.map((kind) => (kind === 'cloud-instance' ? [] : directory.names(kind).map((name) => nameOnly(run, kind, name))));
}

function inventoryOf(run: Run, client: InventoryClient, records: readonly InventoryRecord[]): Inventory {
  const { asker, errors } = run;
  const refusedAll = errors.length > 0 && errors.every(isRefusal);
  if (asker.successes === 0 && asker.firstError !== undefined && !refusedAll) throw asker.firstError;
  const all = [...errors, ...records.flatMap((record) => record.errors)];
  return {
    complete: all.length === 0,
    account: run.account,
    endpoint: client.endpoint.name,
    fetchedAt: new Date(run.now).toISOString(),
    records: [...records].sort(byKindAndName),
    errors: errors.sort(byRoute),
    ...missingIn(all),
  };
}

function chosenKinds(wanted: readonly RecordKind[] = KINDS): RecordKind[] {
  const strange = wanted.find((kind) => !KINDS.includes(kind));
  if (strange !== undefined) throw new ConfigurationError(`kinds: ${JSON.stringify(strange)} is none of ${KINDS.join(', ')}`);
  return KINDS.filter((kind) => wanted.includes(kind));
}

function directoryKind(kind: RecordKind): DirectoryKind {
  return kind === 'cloud-instance' ? 'cloud-project' : kind;
}

function byKindAndName(a: InventoryRecord, b: InventoryRecord): number {
  if (a.kind !== b.kind) return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
