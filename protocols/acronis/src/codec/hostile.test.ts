import { fuzz, hostileBytes, hostileText, mutatedBytes, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { payloadProblem } from './callbacks/check.ts';
import { CallbackTable } from './callbacks/table.ts';
import { formatCredentials, parseCredentials, parseExtra } from './credentials-header.ts';
import { CtiTable, formatCti, parseCti } from './cti.ts';
import { parseApiBase, parseDatacenterUrl } from './datacenter.ts';
import { readEnvelope } from './envelope.ts';
import { readJson } from './json.ts';

const table = new CallbackTable({ app: 'acme.fairlead' });
const body = Buffer.from(
  JSON.stringify({
    type: 'cti.a.p.acgw.request.v1.0~a.p.tenant_mapping.write.v1.0',
    request_id: '3f6d1c0a-5b7e-4c1e-9a53-0c7d2b9e4f11',
    created_at: '2026-03-02T08:15:30.120Z',
    context: {
      callback_id: 'cti.a.p.acgw.callback.v1.0~a.p.tenant_mapping.write.v1.0',
      endpoint_id: 'cti.a.p.acgw.endpoint.v1.0~acme.fairlead.endpoint.v1.0',
      tenant_id: '7b1f0c52-1f0d-4a57-9f6b-2d9f1f6f9b10',
      datacenter_url: 'https://eu8.acronis.cloud',
    },
    payload: {
      modified: [
        { vendor_tenant_id: 'c2d94f6e-0d0b-4c0c-9b1a-51c2d76a1b01', acronis_tenant_id: 'f2b0a1d7-53f5-4a1d-8f0c-7d3f4e7b9a66' },
        { vendor_tenant_id: 'e41b7a90-6c5e-4e6d-a0f3-0f8f6d2a7c02' },
        { vendor_tenant_id: '5d0a2c1b-77f4-4f4b-8f39-9f1a4cf2a001', acronis_tenant_id: '' },
      ],
    },
  }),
);

/** Reads as the handler does: what comes out is a callback with a proper payload, or undefined. */
function handled(bytes: Uint8Array) {
  const read = readEnvelope(bytes);
  if (!read.ok) {
    expect(read.text).toMatch(/^[A-Z].*\.$/);
    return undefined;
  }
  const found = table.find(read.value.context.callbackId);
  if (found === undefined || !table.takes(found.value, read.value.type)) return undefined;
  return payloadProblem(found.value, read.value.payload) === undefined ? { request: read.value, callback: found.value } : undefined;
}

/** The body with one byte changed; true when it is a request still, and then a proper one. */
function properWith(at: number, byte: number): boolean {
  const bytes = Buffer.from(body);
  bytes[at] = byte;
  const result = handled(bytes);
  if (result === undefined) return false;
  expect(result.request.requestId).toMatch(/^[0-9a-f-]{36}$/i);
  if (result.callback.name !== 'tenant_mapping.write') return true;
  const { modified } = result.request.payload as { modified: { vendor_tenant_id: string; acronis_tenant_id?: string }[] };
  expect(modified.every((pair) => pair.vendor_tenant_id.length > 0)).toBe(true);
  expect(modified.every(({ acronis_tenant_id: id }) => !id || /^[0-9a-f-]{36}$/i.test(id))).toBe(true);
  return true;
}

test('cyberapp 9.27: a body with one byte changed is refused, or is a proper request still', async () => {
  const changes = fc.tuple(fc.nat(body.length - 1), fc.integer({ min: 0, max: 255 }));
  await fuzz('acronis.envelope-byte', changes, ([at, byte]) => properWith(at, byte), { share: 3, someAccepted: true });
});

test('cyberapp 9.27: every bit of a body may be the other way', () => {
  let [runs, accepted] = [0, 0];
  for (const [at, byte] of body.entries()) {
    for (let bit = 1; bit < 256; bit <<= 1, runs += 1) if (properWith(at, byte ^ bit)) accepted += 1;
  }
  expect(runs).toBeGreaterThan(5000);
  expect(accepted).toBeGreaterThan(0);
  expect(accepted).toBeLessThan(runs / 2);
});

test('whatever bytes come, an envelope is read or refused with a sentence', async () => {
  const samples = [body, Buffer.from('{"a":[{"b":"\\u00e9"}],"c":null}')];
  await fuzz(
    'acronis.envelope',
    fc.oneof(mutatedBytes(samples), hostileBytes({ maxLength: 400 })),
    (bytes) => handled(bytes) !== undefined,
    {
      share: 2,
      someAccepted: true,
    },
  );
});

test('strict JSON is what JSON.parse reads, or nothing', async () => {
  const words = ['{"', '":', '",', '\\u', '\\"', '__proto__', '{"a":1,"a":2}', '[[', ']]'];
  await fuzz('acronis.json', mutatedText(['{"a":[{"b":"\\u00e9"}],"c":null,"d":{"a":-1.5e3}}', '["\\"",{"x":"}"}]'], words), (text) => {
    const read = readJson(Buffer.from(text, 'utf8'));
    if (read.ok)
      expect(read.value).toEqual(
        JSON.parse(
          Buffer.from(text, 'utf8')
            .toString('utf8')
            .replace(/^\ufeff/, ''),
        ),
      );
  });
});

test('whatever the credentials header holds, its password is one and its identity too', async () => {
  const header = formatCredentials('ada:x', { password: 'p:"w', more: '1' });
  const inner = hostileText({ maxLength: 80, words: [':', '{"password":"', '"}', ':{"password":"x"}'] }).map((text) =>
    Buffer.from(text).toString('base64'),
  );
  await fuzz('acronis.credentials', fc.oneof(mutatedText([header], ['=', '_', '+']), inner, hostileText()), (text) => {
    const read = parseCredentials(text);
    if (read.ok) {
      expect(read.value.password.length).toBeGreaterThan(0);
      expect(read.value.identity.length).toBeGreaterThan(0);
      expect(read.value.password.isWellFormed()).toBe(true);
    }
    parseExtra(text);
  });
});

test('an identifier or an address is read to the same again, or not at all', async () => {
  const samples = [
    'cti.a.p.acgw.callback.v1.0~a.p.enablement.read.v1.0~3f6d1c0a-5b7e-4c1e-9a53-0c7d2b9e4f11',
    'https://eu8-cloud.acronis.com/',
  ];
  const words = ['~', '.v1.0', 'cti.', 'acronis.cloud', '@', ':443', '\\', '/'];
  await fuzz('acronis.identifiers', fc.oneof(mutatedText(samples, words), hostileText({ words })), (text) => {
    const cti = parseCti(text);
    if (cti) {
      expect(formatCti(cti)).toBe(text);
      expect(new CtiTable([[text, 1]]).find(text)?.value).toBe(1);
    }
    const datacenter = parseDatacenterUrl(text);
    if (datacenter) expect(new URL(text).origin).toBe(datacenter.url);
    const base = parseApiBase(text);
    if (base) expect(parseApiBase(base)).toBe(base);
  });
});
