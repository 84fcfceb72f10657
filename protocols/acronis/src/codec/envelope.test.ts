import { describe, expect, test } from 'vitest';
import { readEnvelope } from './envelope.ts';

const ID = '3f6d1c0a-5b7e-4c1e-9a53-0c7d2b9e4f11';
const context = {
  callback_id: 'cti.a.p.acgw.callback.v1.0~a.p.enablement.write.v1.0',
  endpoint_id: 'cti.a.p.acgw.endpoint.v1.0~acme.fairlead.endpoint.v1.0',
  tenant_id: '7B1f0c52-1f0d-4a57-9f6b-2d9f1f6f9b10',
  datacenter_url: 'https://eu8.acronis.cloud',
};
const body = {
  type: 'cti.a.p.acgw.request.v1.0~a.p.enablement.write.v1.0',
  request_id: ID,
  created_at: '2026-03-02T08:15:30.120Z',
  context,
  payload: { vendor_tenant_id: 'x' },
};

const read = (value: unknown) => readEnvelope(Buffer.from(JSON.stringify(value) ?? ''));
const without = (name: string) => Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));
const withContext = (more: object) => ({ ...body, context: { ...context, ...more } });

test('a sound body is read, its tenant in lower case', () => {
  expect(read(body)).toEqual({
    ok: true,
    value: {
      type: body.type,
      requestId: ID,
      createdAt: body.created_at,
      context: {
        callbackId: context.callback_id,
        endpointId: context.endpoint_id,
        tenantId: '7b1f0c52-1f0d-4a57-9f6b-2d9f1f6f9b10',
        datacenterUrl: context.datacenter_url,
      },
      payload: { vendor_tenant_id: 'x' },
    },
  });
});

test.each(['', '{', '[]', 'null', '"x"', '1'])('cyberapp 9.13: the body %j is refused without an id to repeat', (text) => {
  const answer = readEnvelope(Buffer.from(text));
  expect(answer).toMatchObject({ ok: false });
  expect(answer).not.toHaveProperty('requestId');
});

test.each([
  ['context missing', without('context'), 'context'],
  ['context an array', { ...body, context: [] }, 'context'],
  ['callback_id missing', withContext({ callback_id: undefined }), 'context.callback_id'],
  ['callback_id a number', withContext({ callback_id: 5 }), 'context.callback_id'],
  ['callback_id an object', withContext({ callback_id: {} }), 'context.callback_id'],
  ['callback_id of another grammar', withContext({ callback_id: 'enablement.read' }), 'context.callback_id'],
  ['endpoint_id missing', withContext({ endpoint_id: undefined }), 'context.endpoint_id'],
  ['type missing', without('type'), 'type'],
])('cyberapp 9.16: %s is refused, and the id is known for the answer', (_name, value, member) => {
  expect(read(value)).toEqual({ ok: false, problem: 'member', text: `The request has no proper member ${member}.`, requestId: ID });
});

describe('cyberapp 9.17: request_id', () => {
  test.each([undefined, 'x', {}, 5, `${ID}0`])('%j is refused and never repeated', (id) => {
    const answer = read({ ...body, request_id: id });
    expect(answer).toMatchObject({ ok: false, problem: 'member' });
    expect(answer).not.toHaveProperty('requestId');
  });

  test('capitals stay', () => {
    expect(read({ ...body, request_id: ID.toUpperCase() })).toMatchObject({ value: { requestId: ID.toUpperCase() } });
  });
});

test.each([['0001-01-01T00:00:00Z'], ['2026-03-02T08:15:30+05:30'], ['2026-03-02t08:15:60.123456789z']])(
  'cyberapp 9.18: created_at %s is accepted',
  (at) => {
    expect(read({ ...body, created_at: at })).toMatchObject({ ok: true, value: { createdAt: at } });
  },
);

test.each([undefined, 5, 'yesterday', '2026-03-02', '2026-13-02T08:15:30Z', '2026-03-02T25:15:30Z', '2026-03-02T08:15:30'])(
  'cyberapp 9.18: created_at %j is refused',
  (at) => {
    expect(read({ ...body, created_at: at })).toMatchObject({ ok: false, text: 'The request has no proper member created_at.' });
  },
);

test('cyberapp 9.19: a tenant that is no UUID is refused', () => {
  for (const tenant of [undefined, 5, '', 'x', '1234'])
    expect(read(withContext({ tenant_id: tenant }))).toMatchObject({ ok: false, requestId: ID });
});

test('cyberapp 9.20: a data center URL that is missing, a number or relative is refused', () => {
  for (const url of [undefined, 5, '/api', 'eu8.acronis.cloud', 'https://', '//eu8.acronis.cloud']) {
    expect(read(withContext({ datacenter_url: url }))).toMatchObject({
      ok: false,
      text: 'The request has no proper member context.datacenter_url.',
    });
  }
});

test('cyberapp 9.21: members that nobody knows are passed over', () => {
  const answer = read({ ...withContext({ more: { deep: [1] } }), extra: 1, payload: { vendor_tenant_id: 'x' } });
  expect(answer).toEqual(read(body));
});

test('cyberapp 9.25: payload null and absent are the same', () => {
  const absent = read(without('payload'));
  expect(read({ ...body, payload: null })).toEqual(absent);
  expect(absent).toMatchObject({ ok: true, value: { payload: undefined } });
  expect(read({ ...body, payload: {} })).toMatchObject({ ok: true, value: { payload: {} } });
});

test('cyberapp 9.26: a payload that is an array or a string is refused', () => {
  for (const payload of [[], 'x', 5, true]) expect(read({ ...body, payload })).toMatchObject({ ok: false, requestId: ID });
});
