import { text as textOf } from 'node:stream/consumers';
import type { CallOptions, OvhClient } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { withClient } from '../shared/client.ts';
import { explained } from '../shared/explain-error.ts';
import { printResult } from '../shared/print.ts';
import { printableLines } from '../shared/text.ts';
import type { CallWords, GivenCall } from './call-words.ts';
import { clientOptionsOf } from './client-options.ts';
import { isV2 } from './is-v2.ts';
import { readCall } from './parameters.ts';
import { printObjects, printPages } from './print-list.ts';

/** What one call is made of. */
interface Call {
  readonly method: string;
  readonly path: string;
  readonly options: CallOptions;
}

/** `fairlead ovh get /me`. Throws ToldError. */
export async function runCall(given: GivenCall, words: CallWords, output: Output): Promise<void> {
  const { method, path } = given;
  const options = await explained(words, async () => {
    checkWords(words);
    return readCall(given, words);
  });
  if (words.dryRun === true || words.curl === true)
    return (await import('./preview.ts')).previewCall({ method, path, options }, words, output);
  await withClient(words, output, (client) => carryOut(client, { method, path, options }, words, output), clientOptionsOf(words));
}

function checkWords(words: CallWords): void {
  const whole = words.all === true || words.expand === true;
  const isFormed = words.table === true || words.ndjson === true || words.yamlIsh === true || words.select !== undefined;
  if (words.raw === true && (whole || isFormed))
    throw CliError('CLI_USAGE', { reason: '--raw prints one answer as it came: leave --all, --expand, --select and other forms away' });
}

async function carryOut(client: OvhClient, { method, path, options }: Call, words: CallWords, output: Output): Promise<void> {
  if (words.raw === true) return printRaw(client, { method, path, options }, output);
  const isWhole = words.all === true || words.expand === true;
  if (isWhole && isV2(client, path)) return printPages(client, { path, options }, words, output);
  if (words.expand === true) return printObjects(client, { path, options }, words, output);
  const { data, pagination } = await client.request(method, path, options).withResponse();
  printResult(data, words, output);
  if (pagination.cursorNext !== undefined && words.json !== true) output.tell('There are more pages: --all prints every one.');
}

async function printRaw(client: OvhClient, { method, path, options }: Call, output: Output): Promise<void> {
  const answer = await client.raw(method, path, options);
  const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
  const text = [`HTTP ${answer.status}`, ...headers, '', await textOf(answer.body)].join('\n');
  output.print(output.isTerminal === true ? printableLines(text) : text);
  if (answer.status >= 300) throw CliError('CLI_OVH_REFUSED', { answered: `the status ${answer.status}`, status: answer.status });
}
