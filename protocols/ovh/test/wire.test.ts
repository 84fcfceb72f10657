import { createHash } from 'node:crypto';
import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallOptions, OvhClient, Query } from '../src/index.ts';
import { clientOf, type Received, type SmallServer, smallServer } from './support/world.ts';

let server: SmallServer;
let client: OvhClient;

/** What the receiver makes of the bytes that came: spec 9.1, 9. Written from the spec, not with the client's own signer. */
function signatureOf({ method, target, headers, body }: Received): string {
  const parts = ['as-canary-5f2c', headers['x-ovh-consumer'], method, `http://${headers.host}${target}`, body, headers['x-ovh-timestamp']];
  return `$1$${createHash('sha1').update(parts.join('+')).digest('hex')}`;
}

beforeAll(async () => {
  server = await smallServer((response, request) => {
    const right = request.headers['x-ovh-signature'] === signatureOf(request);
    response.writeHead(right ? 200 : 400).end(JSON.stringify(right ? request.target : { message: `Invalid signature: ${request.target}` }));
    server.received.length = 0;
  });
  client = clientOf(server);
});

afterAll(async () => {
  client.close();
  await server[Symbol.asyncDispose]();
});

const ODD_PATHS = [
  '/a b',
  '/é',
  '/a|b',
  '/a%2fb',
  '/a%2Fb',
  '/%zz',
  '/%',
  '//double',
  '/x//y',
  '/x/',
  '/',
  '/😀',
  "/it's",
  '/(a)',
  '/a*b',
  '/a;b=c',
  '/a,b',
  '/a:b@c',
  '/a~b',
  '/a^b`c',
  '/a"b<c>',
  '/[a]',
  '/x?',
  "/x?x='y'",
  '/x?x={"k":1}',
  '/x?x=a b',
  '/x?x=é&y=+',
  '/x?a=1?b=2',
  '/x?%zz',
  '/v2/é?x=y',
  'no/slash',
  '/...',
];

for (const path of ODD_PATHS) {
  test(`X02: what is signed is what arrives: ${path}`, async () => {
    expect(await client.get(path)).toMatch(/^\/(1\.0|v2)/);
    expect(await client.post(path, { query: { more: 'a b', and: ["'", '}'] }, body: { text: 'tèsté 😀' } })).toContain(
      'more=a%20b&and=%27&and=%7D',
    );
  });
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.bigInt(),
);
const query = fc.dictionary(text, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(text, fc.string(), { maxKeys: 2 })), {
  maxKeys: 4,
});

const call = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'get', 'Patch'),
  path: fc.oneof(
    fc.constantFrom(...ODD_PATHS, '/x/{v}', '/{v}/y?z=1'),
    text.map((part) => `/${part}`),
    fc.webPath(),
  ),
  variable: text,
  query,
  body: fc.oneof(fc.constant(undefined), fc.jsonValue(), fc.dictionary(text, text, { maxKeys: 3 })),
  asRaw: fc.boolean(),
});

/** True when it arrived as it was signed, false when it was refused before anything was sent. */
async function arrives(input: typeof call extends fc.Arbitrary<infer T> ? T : never): Promise<boolean> {
  const bodied = !/^get$/i.test(input.method) && input.body !== undefined;
  const body = input.asRaw ? { rawBody: String(JSON.stringify(input.body)) } : { body: input.body };
  const options: CallOptions = {
    ...(input.path.includes('{v}') ? { path: { v: input.variable } } : {}),
    query: input.query as Query,
    ...(bodied ? body : {}),
  };
  try {
    await client.request(input.method, input.path, options);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'OVH_INVALID_CALL') return false;
    throw error;
  }
}

test('X02: more than 5000 made-up calls: the signed string is what a real server received', async () => {
  let arrived = 0;
  let inputs = 0;
  const property = async (calls: Parameters<typeof arrives>[0][]) => {
    inputs += 1;
    const came = await Promise.all(calls.map(arrives));
    arrived += came.filter(Boolean).length;
    return came.some(Boolean);
  };
  await fuzz('ovh.wire', fc.array(call, { minLength: 30, maxLength: 30 }), property, { share: 3, someAccepted: true });
  // Fewer when one input is repeated, or another target is wanted.
  if (inputs >= 300) expect(arrived).toBeGreaterThan(5000);
}, 60_000);
