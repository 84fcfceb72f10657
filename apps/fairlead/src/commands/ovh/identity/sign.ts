import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { buildUrl, ConfigurationError, MissingConsumerKeyError, type OvhClient, redactBody, redactUrl, sign } from '@fairlead/ovh';
import { CliError } from '../../../cli-errors.ts';
import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import { type PrintWords, printResult } from '../shared/print.ts';

export type SignWords = ClientWords & PrintWords & { readonly timestamp?: number };

/** What is to be signed, as it stands in the words. */
interface Given {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
}

/** `fairlead ovh sign`: secrets come from configuration alone, and are masked in what is printed. Throws ToldError. */
export async function printSignature(given: Given, words: SignWords, output: Output): Promise<void> {
  await withClient(words, output, async (client) => {
    printResult(await signature(client, given, words), words, output);
  });
}

async function signature(client: OvhClient, given: Given, words: SignWords) {
  const { auth } = client.config;
  if (auth.method !== 'application')
    throw new ConfigurationError(`only calls with an application key are signed, and the method in use is ${auth.method}`);
  if (auth.consumerKey === undefined) throw new MissingConsumerKeyError('there is no consumer key to sign with');
  const method = given.method.toUpperCase();
  if (!/^[A-Z]{1,16}$/.test(method)) throw CliError('CLI_USAGE', { reason: 'the method is no word of letters' });
  const url = urlOf(client, given.url);
  const body = await bytesOf(given.body);
  const timestamp = words.timestamp ?? Math.floor(Date.now() / 1000);
  const secrets = { applicationSecret: auth.applicationSecret.reveal(), consumerKey: auth.consumerKey.reveal() };
  const shownUrl = redactUrl(url);
  return {
    method,
    url: shownUrl,
    bodyBytes: body.length,
    timestamp,
    preimage: ['<application_secret>', '<consumer_key>', method, shownUrl, safeBody(body.toString('utf8')), timestamp].join('+'),
    signature: sign({ ...secrets, method, url, body, timestamp }),
  };
}

/** A whole URL is signed as it stands: that is what is being looked into. */
function urlOf(client: OvhClient, given: string): string {
  if (!/^https?:\/\//i.test(given)) return buildUrl({ path: given }, { baseUrl: client.endpoint.baseUrl });
  if (!URL.canParse(given)) throw CliError('CLI_USAGE', { reason: 'the URL is none' });
  return given;
}

async function bytesOf(body: string | undefined): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (body === '@-') return buffer(process.stdin);
  return body.startsWith('@') ? readFile(body.slice(1)) : Buffer.from(body);
}

/** The bytes that were signed, unless there are secrets among them. */
function safeBody(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const safe = JSON.stringify(redactBody(value));
    return safe === JSON.stringify(value) ? text : safe;
  } catch {
    return String(redactBody(text));
  }
}
