import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { FakeKeys, FakeOvh, Json } from '../../src/fake/index.ts';

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Json;
}

/** What is sent besides method and target. */
export interface Sending {
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly ca?: string;
}

/** Sends exactly these bytes as the target; no library rewrites them. */
export function send(fake: FakeOvh, method: string, target: string, sending: Sending = {}): Promise<Reply> {
  const { hostname, port, protocol } = new URL(fake.url);
  const { body = '', headers = {}, ca } = sending;
  const options = {
    hostname,
    port,
    method,
    path: target,
    agent: false,
    headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
  };
  return new Promise((resolve, reject) => {
    const request = protocol === 'https:' ? httpsRequest({ ...options, ca }) : httpRequest(options);
    request.on('error', reject);
    request.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve(read(response.statusCode ?? 0, response.headers, Buffer.concat(parts).toString('utf8'))));
    });
    request.end(body);
  });
}

function read(status: number, headers: IncomingHttpHeaders, text: string): Reply {
  let json: Json = null;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    json = null;
  }
  return { status, headers, text, json };
}

/** How a call is signed; the parts are of the fake unless told. */
export interface Signing extends Sending {
  readonly keys?: Partial<FakeKeys>;
  readonly timestamp?: number | string;
  /** Instead of the fake's scheme, host and port. */
  readonly origin?: string;
}

/** Sends a call signed as the documentation says: SHA-1 over the parts joined by `+`. */
export function signed(fake: FakeOvh, method: string, target: string, signing: Signing = {}): Promise<Reply> {
  const { applicationKey, applicationSecret, consumerKey } = { ...fake.keys, ...signing.keys };
  const { body = '', timestamp = Math.floor(fake.clock.now() / 1000), origin = fake.url } = signing;
  const preimage = [applicationSecret, consumerKey, method, `${origin}${target}`, body, String(timestamp)].join('+');
  const headers = {
    'X-Ovh-Application': applicationKey,
    'X-Ovh-Consumer': consumerKey,
    'X-Ovh-Timestamp': String(timestamp),
    'X-Ovh-Signature': `$1$${createHash('sha1').update(preimage, 'utf8').digest('hex')}`,
    ...signing.headers,
  };
  return send(fake, method, target, { ...signing, headers });
}

/** Asks for a consumer key with rules. */
export function askForKey(fake: FakeOvh, body: Json): Promise<Reply> {
  const headers = { 'X-Ovh-Application': fake.keys.applicationKey, 'Content-Type': 'application/json' };
  return send(fake, 'POST', '/1.0/auth/credential', { headers, body: JSON.stringify(body) });
}

/** Asks for an access token as a form. */
export function askForToken(fake: FakeOvh, form: Readonly<Record<string, string>>, basic?: string): Promise<Reply> {
  const headers: Record<string, string> = { 'Content-Type': 'application/x-www-form-urlencoded' };
  if (basic !== undefined) headers.Authorization = `Basic ${Buffer.from(basic).toString('base64')}`;
  return send(fake, 'POST', '/auth/oauth2/token', { headers, body: new URLSearchParams(form).toString() });
}

/** The member of a body. */
export function member(reply: Reply, name: string): Json | undefined {
  return (reply.json as Record<string, Json> | null)?.[name];
}
