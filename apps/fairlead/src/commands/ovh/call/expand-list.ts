import { type CallOptions, isOvhError, type OvhClient } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { printResult } from '../shared/print.ts';
import { printable } from '../shared/text.ts';
import type { CallWords } from './call-words.ts';
import { isV2 } from './is-v2.ts';

interface List {
  readonly path: string;
  readonly options: CallOptions;
}

/**
 * The objects of a list. Those that cannot be read are told, and make the result partial; when none can, the first error is thrown.
 * Throws `OVH_*`, `CLI_OVH_PARTIAL`.
 */
export async function expandList(client: OvhClient, { path, options }: List, words: CallWords, output: Output): Promise<void> {
  if (isV2(client, path)) {
    printResult(await client.paginate(path, options).all(), words, output);
    return;
  }
  const items = await client.list(path, { ...options, onItemError: 'collect' });
  const failed = items.filter((item) => item.error !== undefined);
  if (failed.length > 0 && failed.length === items.length) throw failed[0]?.error;
  printResult(
    items.filter((item) => item.error === undefined).map((item) => item.value),
    words,
    output,
  );
  if (failed.length === 0) return;
  if (words.json !== true) for (const { id, error } of failed) output.tell(printable(`${id}: ${messageOf(error)}`));
  const names = failed.map(({ id, error }) => (isOvhError(error) ? `${id} (${error.code})` : String(id)));
  throw CliError('CLI_OVH_PARTIAL', { reason: `${failed.length} of ${items.length} objects could not be read: ${names.join(', ')}` });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
