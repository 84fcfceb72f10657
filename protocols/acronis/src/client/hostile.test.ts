import { fuzz, hostileBytes, hostileText, mutatedBytes, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readKeySet } from '../jwt/key-set.ts';
import { Alerts } from './alerts.ts';
import type { Caller } from './caller.ts';
import { classify } from './classify.ts';
import { acronisClass, failureError } from './outcome.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { Workloads } from './workloads.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const page = Buffer.from(
  '{"items":[{"id":"2C1F4B8E-6B0D-4D4A-9D7B-5A6F0E1C2D3E","type":"cti.x","name":"a","attributes":{"k":1},"tenant_id":281,"_sourceTimeStamp":1740000000123456789,' +
    '"tenant":{"id":"281","uuid":"f2b0a1d7-53f5-4a1d-8f0c-7d3f4e7b9a66"}}],"paging":{"cursors":{"after":""}}}',
);

/** A caller whose every answer is this body. */
function answering(body: Uint8Array): Caller {
  const unusable = (_call: unknown, reason: string) => failureError({ kind: 'protocol', reason }, 'eu8', 'x');
  const call = async () => {
    const verdict = classify(
      { status: 200, contentType: 'application/json', retryAfterS: undefined, body: Buffer.from(body) },
      { expects: 'json' },
    );
    if (verdict.ok) return verdict.value;
    throw failureError(verdict.failure, 'eu8', 'x');
  };
  return { call, unusable } as unknown as Caller;
}

/** All items, or undefined for a list that is none. */
async function listed<T>(list: AsyncIterable<T>): Promise<readonly T[] | undefined> {
  try {
    return await Array.fromAsync(list);
  } catch (error) {
    expect(acronisClass(error)).toBe('protocol');
    return undefined;
  }
}

test('whatever a data center lists, items have ids, or the list is none', async () => {
  const bodies = fc.oneof(mutatedBytes([page]), hostileBytes());
  await fuzz(
    'acronis.lists',
    bodies,
    async (body) => {
      const workloads = await listed(new Workloads(answering(body)).list({}));
      const alerts = await listed(new Alerts(answering(body)).list({}));
      for (const item of [...(workloads ?? []), ...(alerts ?? [])]) expect(item.id).toMatch(UUID);
      return workloads !== undefined;
    },
    { share: 2, someAccepted: true },
  );
});

test('Retry-After is 1 to 900 seconds, or nothing', async () => {
  const words = ['Mon, 02 Mar 2026 08:00:07 GMT', '7', 'GMT', ', '];
  await fuzz('acronis.retry-after', fc.oneof(mutatedText(words, words), hostileText({ words })), (text) => {
    const seconds = retryAfterSeconds(text, Date.UTC(2026, 2, 2, 8));
    if (seconds !== undefined) expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 900).toBe(true);
  });
});

test('whatever a key service answers, keys are RSA keys with an id', async () => {
  const jwk = fc.record(
    {
      kid: fc.option(fc.string()),
      kty: fc.constantFrom('RSA', 'EC', 'oct', 5),
      n: fc.oneof(fc.base64String(), fc.nat()),
      e: fc.constantFrom('AQAB', '', 1),
    },
    { requiredKeys: [] },
  );
  await fuzz(
    'acronis.keys',
    fc.oneof(fc.record({ keys: fc.array(fc.oneof(jwk, fc.anything()), { maxLength: 5 }) }), fc.anything()),
    async (answer) => {
      const keys = await readKeySet(answer).catch((error: unknown) => {
        expect(error).toBeInstanceOf(Error);
        return new Map();
      });
      for (const kid of keys.keys()) expect(typeof kid).toBe('string');
    },
  );
});
