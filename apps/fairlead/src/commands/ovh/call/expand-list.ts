import type { CallOptions, OvhClient } from '@fairlead/ovh';
import type { Output } from '../../../output.ts';
import { printResult } from '../shared/print.ts';
import { printItems } from '../shared/rows.ts';
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
  printItems(await client.list(path, { ...options, onItemError: 'collect' }), { words, output }, (values) =>
    printResult(values, words, output),
  );
}
