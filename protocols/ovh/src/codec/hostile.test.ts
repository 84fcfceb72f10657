import { fuzz, hostileText, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildRequest } from './build-request.ts';
import type { Call, PathValue, QueryValue } from './call.ts';
import { asciiJson, decodeJson, encodeJson } from './json.ts';
import { redactText } from './redact.ts';

const ORIGIN = 'https://eu.api.ovh.com';
const settings = { baseUrl: `${ORIGIN}/1.0` };

const paths = fc.oneof(
  mutatedText(['/dedicated/server/{a}', '/v2/iam/resource?x=1', '1.0/me', `${ORIGIN}/v1/x`, '/a/../b', '/ip/{a}/{b}?k={"v":1}']),
  hostileText(),
);

test('X21: whatever path, variables and query are, a call stays below its origin, and its URL is what the parser writes', async () => {
  const variables = fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(hostileText(), fc.bigInt(), fc.boolean()), { noNullPrototype: true });
  const query = fc.dictionary(hostileText(), fc.oneof(hostileText(), fc.double(), fc.array(hostileText(), { maxLength: 3 }), fc.object()), {
    maxKeys: 4,
    noNullPrototype: true,
  });
  await fuzz(
    'ovh.url',
    fc.tuple(paths, variables, query),
    ([path, given, parameters]) => {
      const call: Call = {
        method: 'GET',
        path,
        variables: given as Record<string, PathValue>,
        query: parameters as Record<string, QueryValue>,
      };
      const built = refusedWith(/^OVH_INVALID_CALL$/, () => buildRequest(call, settings));
      if (!built) return false;
      expect(built.url.startsWith(`${ORIGIN}/`)).toBe(true);
      expect(new URL(built.url).href).toBe(built.url);
      expect(built.url).toMatch(/^[\x21-\x7e]+$/);
      expect(built.url).not.toContain('#');
      return true;
    },
    { share: 3, someAccepted: true },
  );
});

test('X21: a variable is one segment, and reads as what was given', async () => {
  await fuzz(
    'ovh.variable',
    hostileText(),
    (value) => {
      const call: Call = { method: 'GET', path: '/a/{v}/b', variables: { v: value } };
      const built = refusedWith(/^OVH_INVALID_CALL$/, () => buildRequest(call, settings));
      if (!built) return false;
      const segments = new URL(built.url).pathname.split('/');
      expect([segments.length, segments[2], segments[4]]).toEqual([5, 'a', 'b']);
      expect(decodeURIComponent(segments[3] ?? '')).toBe(value);
      return true;
    },
    { share: 3, someAccepted: true },
  );
});

test('X22: what a query is given is what a server reads', async () => {
  const pairs = fc.array(fc.tuple(hostileText(), hostileText()), { maxLength: 5 });
  await fuzz(
    'ovh.query',
    pairs,
    (given) => {
      const query = Object.fromEntries(given);
      const built = refusedWith(/^OVH_INVALID_CALL$/, () => buildRequest({ method: 'GET', path: '/x', query }, settings));
      if (!built) return false;
      expect([...new URL(built.url).searchParams]).toEqual(Object.entries(query));
      return true;
    },
    { share: 3, someAccepted: true },
  );
});

test('X41: a body is ASCII that reads as what was given, large integers included', async () => {
  const values = fc.anything({
    withBigInt: false,
    withNullPrototype: false,
    values: [hostileText(), fc.boolean(), fc.maxSafeInteger(), fc.constant(null)],
  });
  await fuzz(
    'ovh.body',
    fc.tuple(values, fc.bigInt({ min: 2n ** 53n })),
    ([value, large]) => {
      const text = refusedWith(/^OVH_INVALID_CALL$/, () => asciiJson(encodeJson({ value, large })));
      if (text === undefined) return false;
      expect(text).toMatch(/^[\x20-\x7f]*$/);
      const read = decodeJson(text, 'bigint') as { value: unknown; large: bigint };
      expect(read.large).toBe(large);
      expect(JSON.stringify(read.value)).toBe(JSON.stringify(value));
      return true;
    },
    { share: 2, someAccepted: true },
  );
});

test('X16: text that is no JSON is a SyntaxError in every mode, and redaction never fails', async () => {
  const texts = fc.oneof(
    mutatedText(['{"id":9007199254740993,"token":"x"}', '[[[18446744073709551615]]]', '<html>', 'null']),
    hostileText(),
  );
  await fuzz(
    'ovh.json',
    texts,
    (text) => {
      expect(typeof redactText(text)).toBe('string');
      for (const mode of ['number', 'string', 'bigint'] as const) {
        try {
          decodeJson(text, mode);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }
    },
    { share: 3 },
  );
});
