import type { IncomingMessage } from 'node:http';

/** A request, read. */
export interface FakeRequest {
  readonly method: string;
  readonly cookies: ReadonlyMap<string, string>;
  /** Parameters of query and form, names as sent; the last of a repeated name. */
  readonly params: ReadonlyMap<string, string>;
  /** The form was longer than the server's limit. */
  readonly tooLarge: boolean;
}

/** Jetty's limit for a form. */
const MAX_FORM_BYTES = 1024 * 1024;

export async function readRequest(message: IncomingMessage): Promise<FakeRequest> {
  const url = new URL(message.url ?? '/', 'http://fake');
  const isForm = (message.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  const body = message.method === 'POST' ? await readBody(message) : '';
  const params = new Map(url.searchParams);
  if (isForm && body !== undefined) for (const [name, value] of new URLSearchParams(body)) params.set(name, value);
  return { method: message.method ?? 'GET', cookies: readCookies(message.headers.cookie), params, tooLarge: body === undefined };
}

/** Case does not count in the names of parameters that the server itself looks for. */
export function paramOf(request: FakeRequest, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of request.params) if (key.toLowerCase() === wanted) return value;
  return undefined;
}

/** Undefined when it is too long; the rest is read and dropped. */
async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_FORM_BYTES) chunks.push(chunk);
  }
  return size > MAX_FORM_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  return new Map(
    (header ?? '').split(';').map((pair) => {
      const [name = '', ...value] = pair.trim().split('=');
      return [name, value.join('=')] as const;
    }),
  );
}
