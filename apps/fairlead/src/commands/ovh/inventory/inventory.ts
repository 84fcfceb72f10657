import type { OvhClient } from '@fairlead/ovh';
import { FileCache, formatInventory, type Inventory, type InventoryFormat, type RecordKind, readInventory } from '@fairlead/ovh/inventory';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import { interruption } from '../shared/interruption.ts';
import { requirePlace, writeWholeFile } from '../shared/whole-file.ts';
import { progressLine } from './progress-line.ts';
import { inventoryTable } from './table.ts';
import { tellMissing } from './tell-missing.ts';

export interface InventoryWords extends ClientWords {
  readonly kind?: readonly string[];
  readonly minimal?: boolean;
  readonly format: InventoryFormat | 'table';
  readonly output?: string;
  readonly cache?: string;
  /** ms. */
  readonly cacheFor: number;
  readonly concurrency: number;
}

const KINDS = { baremetal: true, vps: true, 'cloud-instance': true, domain: true, ip: true } as const satisfies Record<RecordKind, true>;
const READABLE_BY_ALL = 0o644;

/**
 * Prints what an account runs; what could not be read is told on the other stream. Throws ToldError: `CLI_OVH_PARTIAL` then, `CLI_USAGE`,
 * `CLI_OVH_FILE`, `CLI_OVH_INTERRUPTED`.
 */
export async function printInventory(words: InventoryWords, output: Output): Promise<void> {
  await withClient(words, output, async (client) => {
    checkForm(words);
    // Before minutes of reading.
    if (words.output !== undefined) await requirePlace(words.output);
    const inventory = await read(client, words, output);
    const text = textOf(inventory, words);
    if (words.output === undefined) output.print(text);
    else await writeWholeFile(words.output, `${text}\n`, READABLE_BY_ALL);
    if (words.output !== undefined && words.json !== true) output.tell(`${inventory.records.length} records are in ${words.output}.`);
    if (!inventory.complete) throw tellMissing(inventory, words, output);
  });
}

async function read(client: OvhClient, words: InventoryWords, output: Output): Promise<Inventory> {
  using stop = interruption();
  const kinds = words.kind?.flatMap((text) => text.split(',')).map(kindOf);
  const { cache: file, cacheFor, minimal, concurrency } = words;
  // What is kept is kept as well when this ends early.
  await using cache = file === undefined ? undefined : await openCache(file, cacheFor);
  using line = progressLine(output);
  try {
    return await readInventory(client, {
      kinds,
      minimal,
      concurrency,
      cache,
      signal: stop.signal,
      onProgress: line.show,
      account: words.account,
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw CliError('CLI_OVH_INTERRUPTED', {}, { cause: error });
  }
}

async function openCache(file: string, ttl: number): Promise<FileCache> {
  try {
    return await FileCache.open(file, { ttl });
  } catch (error) {
    throw CliError('CLI_OVH_FILE', { reason: (error as Error).message }, { cause: error });
  }
}

function checkForm({ format, json }: InventoryWords): void {
  if (json === true && format !== 'table' && format !== 'json')
    throw CliError('CLI_USAGE', { reason: `--json and --format ${format} cannot be used together` });
}

function textOf({ records }: Inventory, { format, json }: InventoryWords): string {
  const wanted = json === true ? 'json' : format;
  return wanted === 'table' ? inventoryTable(records) : formatInventory(records, wanted).replace(/\n$/, '');
}

function kindOf(text: string): RecordKind {
  if (Object.hasOwn(KINDS, text)) return text as RecordKind;
  throw CliError('CLI_USAGE', { reason: `--kind ${text}: there are ${Object.keys(KINDS).join(', ')}` });
}
