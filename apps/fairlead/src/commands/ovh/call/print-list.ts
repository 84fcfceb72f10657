import type { CallOptions, OvhClient } from '@fairlead/ovh';
import type { Output } from '../../../output.ts';
import { printResult } from '../shared/print.ts';
import { printItems } from '../shared/rows.ts';
import type { CallWords } from './call-words.ts';

interface List {
  readonly path: string;
  readonly options: CallOptions;
}

/** Every page of a list of v2; as lines of JSON page by page, so that a list may be larger than our memory. Throws `OVH_*`. */
export async function printPages(client: OvhClient, { path, options }: List, words: CallWords, output: Output): Promise<void> {
  const list = client.paginate(path, options);
  if (words.ndjson !== true || words.select !== undefined) printResult(await list.all(), words, output);
  else for await (const page of list.pages()) printResult(page.data, words, output);
}

/** The objects of a list of ids, each asked for. Throws `OVH_*`, `CLI_OVH_PARTIAL`. */
export async function printObjects(client: OvhClient, { path, options }: List, words: CallWords, output: Output): Promise<void> {
  const items = await client.list(path, { ...options, onItemError: 'collect' });
  printItems(items, { words, output }, (values) => printResult(values, words, output));
}
