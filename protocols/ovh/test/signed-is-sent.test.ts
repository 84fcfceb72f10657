import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClient, type OvhClient } from '../src/client/client.ts';
import { isOvhError } from '../src/errors/errors.ts';
import { APPLICATION_KEY, APPLICATION_SECRET, CONSUMER_KEY } from './support/vectors.ts';

/** A server that knows nothing of us: it rebuilds the signature of spec 3.6 from what arrived on the wire. */
async function wireServer(): Promise<AsyncDisposable & { origin: string; targets: string[]; wrong: string[] }> {
  const targets: string[] = [];
  const wrong: string[] = [];
  const server = createServer({ maxHeaderSize: 1024 * 1024 }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    targets.push(request.url ?? '');
    if (signatureOf(request, Buffer.concat(chunks)) !== request.headers['x-ovh-signature']) wrong.push(`${request.method} ${request.url}`);
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    targets,
    wrong,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function signatureOf({ method, url, headers }: IncomingMessage, body: Buffer): string {
  const before = `${APPLICATION_SECRET}+${CONSUMER_KEY}+${method}+http://${headers.host}${url}+`;
  const all = Buffer.concat([Buffer.from(before, 'latin1'), body, Buffer.from(`+${headers['x-ovh-timestamp']}`)]);
  return `$1$${createHash('sha1').update(all).digest('hex')}`;
}

function clientOf(origin: string): OvhClient {
  return createClient({
    endpoint: `${origin}/1.0`,
    applicationKey: APPLICATION_KEY,
    applicationSecret: APPLICATION_SECRET,
    consumerKey: CONSUMER_KEY,
    timeDelta: 0,
    env: false,
    files: false,
    proxy: false,
  });
}

const ODD_PATHS = [
  ['/me', '/1.0/me'],
  ['me', '/1.0/me'],
  ['/v1/call', '/v1/call'],
  ['/v2/call', '/v2/call'],
  ['/v2', '/v2'],
  ['/v2?x', '/v2?x'],
  ['/v1/', '/v1/'],
  ['/v10/call', '/1.0/v10/call'],
  ['/v2x/call', '/1.0/v2x/call'],
  ['/1.0/me', '/1.0/me'],
  ['/', '/1.0/'],
  ['/a b', '/1.0/a%20b'],
  ['/é', '/1.0/%C3%A9'],
  ['/😀', '/1.0/%F0%9F%98%80'],
  ['/a|b', '/1.0/a|b'],
  ['/a%2fb', '/1.0/a%2fb'],
  ['/%zz', '/1.0/%zz'],
  ['/%', '/1.0/%'],
  ['/a+b', '/1.0/a+b'],
  ['/a;b=c,d', '/1.0/a;b=c,d'],
  ["/a'b", "/1.0/a'b"],
  ['/a"b', '/1.0/a%22b'],
  ['/a<b>', '/1.0/a%3Cb%3E'],
  ['/a`b', '/1.0/a%60b'],
  ['//double', '/1.0//double'],
  ['/trailing/', '/1.0/trailing/'],
  ['/x?', '/1.0/x?'],
  ['/x?a=1&', '/1.0/x?a=1&'],
  ["/x?x='y'", '/1.0/x?x=%27y%27'],
  ['/x?x={"k":1}', '/1.0/x?x={%22k%22:1}'],
  ['/x?x=a+b%20c', '/1.0/x?x=a+b%20c'],
  ['/x?x=[1]', '/1.0/x?x=[1]'],
  ['/x?é=è', '/1.0/x?%C3%A9=%C3%A8'],
  ['/ip/192.0.2.0%2F28', '/1.0/ip/192.0.2.0%2F28'],
] as const;

test('X02: what is signed for odd paths is the target that the server received', async () => {
  await using server = await wireServer();
  const client = clientOf(server.origin);
  try {
    for (const [path] of ODD_PATHS) await client.get(path);
  } finally {
    client.close();
  }
  expect(server.targets).toEqual(ODD_PATHS.map(([, target]) => target));
  expect(server.wrong).toEqual([]);
});

const calls = fc.record(
  {
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    path: fc.oneof(hostileText({ maxLength: 60 }), fc.constantFrom('/ip/{v}', '/v2/iam/resource/{v}?a=b', '/a/{v}/b')),
    value: hostileText({ maxLength: 40 }),
    query: fc.dictionary(
      hostileText({ maxLength: 20 }),
      fc.oneof(hostileText({ maxLength: 40 }), fc.integer(), fc.boolean(), fc.constant(null)),
      {
        maxKeys: 3,
        noNullPrototype: true,
      },
    ),
    body: fc.jsonValue({ maxDepth: 3 }),
  },
  { noNullPrototype: true },
);

test('X01: the signed string is what a real server received, 9000 calls with odd paths, queries and bodies', {
  timeout: 120_000,
}, async () => {
  await using server = await wireServer();
  const client = clientOf(server.origin);
  let sent = 0;
  try {
    await fuzz(
      'ovh.signed-is-sent',
      fc.array(calls, { minLength: 30, maxLength: 30 }),
      async (batch) => {
        const done = await Promise.all(batch.map((call) => send(client, call)));
        sent += done.filter(Boolean).length;
        expect(server.wrong).toEqual([]);
        return done.includes(true);
      },
      { share: 3, someAccepted: true },
    );
  } finally {
    client.close();
  }
  expect(server.targets.length).toBe(sent);
});

/** Whether the call went out; one that is refused before is as good. */
async function send(client: OvhClient, call: typeof calls extends fc.Arbitrary<infer T> ? T : never): Promise<boolean> {
  const { method, path, value, query, body } = call;
  const variables = path.includes('{v}') ? { path: { v: value } } : {};
  const bodied = method === 'POST' || method === 'PUT';
  try {
    await client.request(method, path, { ...variables, query, ...(bodied ? { body } : {}) });
    return true;
  } catch (error) {
    if (isOvhError(error) && error.code === 'OVH_INVALID_CALL') return false;
    throw error;
  }
}
