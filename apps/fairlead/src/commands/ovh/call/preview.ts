import { Readable } from 'node:stream';
import {
  type CallOptions,
  type ClientOptions,
  type OvhClient,
  redactBody,
  redactHeaders,
  redactUrl,
  type WireRequest,
} from '@fairlead/ovh';
import type { Output } from '../../../output.ts';
import { withClient } from '../shared/client.ts';
import { printableLines, toJson } from '../shared/text.ts';
import type { CallWords } from './call-words.ts';
import { clientOptionsOf } from './client-options.ts';
import { curlCommand } from './curl.ts';

interface Previewed {
  readonly method: string;
  readonly path: string;
  readonly options: CallOptions;
}

/** Prints what a call would send: as it is with secrets hidden, or as shell commands. Nothing is sent. Throws ToldError. */
export async function previewCall(call: Previewed, words: CallWords, output: Output): Promise<void> {
  const sent: WireRequest[] = [];
  const work = words.curl === true ? printCurl : printRequest;
  const more = { ...clientOptionsOf(words), ...recorder(sent) };
  await withClient(words, output, (client) => work(client, { call, sent, words }, output), more);
}

interface Preview {
  readonly call: Previewed;
  readonly sent: WireRequest[];
  readonly words: CallWords;
}

/** A network that keeps what it is given, and answers with nothing. */
function recorder(sent: WireRequest[]): ClientOptions {
  const useUntil = Number.POSITIVE_INFINITY;
  return {
    retry: false,
    timeSync: false,
    // Else a token would be fetched.
    tokenStore: { get: async () => ({ token: 'dry-run', useUntil }), set: async () => undefined },
    transport: {
      send: async (request) => {
        sent.push(request);
        return { status: 200, headers: {}, body: Readable.from([]) };
      },
      close: () => undefined,
    },
  };
}

async function printRequest(client: OvhClient, { call, sent, words }: Preview, output: Output): Promise<void> {
  const { method, path, options } = call;
  await client.request(method, path, options);
  const [request] = sent;
  if (request === undefined) return;
  const url = redactUrl(request.url);
  const headers = redactHeaders(request.headers);
  const body = request.body === undefined ? undefined : safeBody(Buffer.from(request.body).toString('utf8'));
  if (words.json === true) output.print(toJson({ method: request.method, url, headers, ...(body !== undefined && { body }) }, 2));
  else {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const shown = typeof body === 'object' ? toJson(body, 2) : body;
    const text = [`${request.method} ${url}`, ...lines, ...(shown === undefined ? [] : ['', String(shown)])].join('\n');
    output.print(output.isTerminal === true ? printableLines(text) : text);
  }
}

/** JSON as a value; any other text with what looks like a secret hidden. */
function safeBody(text: string): unknown {
  try {
    return redactBody(JSON.parse(text));
  } catch {
    return redactBody(text);
  }
}

async function printCurl(client: OvhClient, { call, sent, words }: Preview, output: Output): Promise<void> {
  const { method, path, options } = call;
  await client.request(method, path, { ...options, auth: false });
  await client.time();
  const [request, time] = sent;
  if (request === undefined || time === undefined) return;
  const { auth } = client.config;
  const tokenUrl = auth.method === 'oauth2' ? auth.tokenUrl : undefined;
  output.print(curlCommand({ request, method: words.auth ? auth.method : 'none', timeUrl: time.url, tokenUrl }));
}
