import { describe, expect, test } from 'vitest';
import { answerBody, errorBody } from '../answers.ts';
import type { CallbackName } from './callback.ts';
import { answerProblems, payloadProblem } from './check.ts';
import { CallbackTable } from './table.ts';

const APP = 'acme.fairlead';
const T = '7b1f0c52-1f0d-4a57-9f6b-2d9f1f6f9b10';
const ids = { requestId: '3f6d1c0a-5b7e-4c1e-9a53-0c7d2b9e4f11', responseId: 'a8e1c3de-2f49-4b7d-8f0e-6f5a7f0c9d22' };
const mapped = new CallbackTable({ app: APP, inventory: true });
const mirrored = new CallbackTable({ app: APP, enablement: 'mirrored', userManagement: false });

function row(name: CallbackName, table = mapped) {
  const found = table.named(name);
  if (found === undefined) throw new Error(`no callback ${name}`);
  return found;
}

const answered = (
  name: CallbackName,
  body: unknown,
  { status = 200, table = mapped, contentType = 'application/json; charset=utf-8' } = {},
) => answerProblems(row(name, table), ids.requestId, { status, contentType, body });

test('the predefined callbacks have the identifiers of Acronis', () => {
  expect(mapped.all.filter(({ group }) => group === 'mapped').map((one) => [one.id, one.requestTypes[0], one.responseType])).toEqual(
    [
      ['enablement.read', 'empty', 'enablement.read.ok'],
      ['enablement.write', 'enablement.write', 'success_no_content'],
      ['enablement.reset', 'empty', 'success_no_content'],
      ['topology.read', 'topology.read', 'topology.read.ok'],
      ['tenant_mapping.read', 'empty', 'tenant_mapping.read.ok'],
      ['tenant_mapping.write', 'tenant_mapping.write', 'success_no_content'],
    ].map(([callback, request, response]) => [
      `cti.a.p.acgw.callback.v1.0~a.p.${callback}.v1.0`,
      `cti.a.p.acgw.request.v1.0~a.p.${request}.v1.0`,
      `cti.a.p.acgw.response.v1.0~a.p.${response}.v1.0`,
    ]),
  );
});

test('the mirrored callbacks have base versions of their own, one of them also the older', () => {
  expect(row('customer.mirroring.set_state', mirrored)).toMatchObject({
    id: 'cti.a.p.acgw.callback.v2.0~a.p.customer.mirroring.set_state.v1.0',
    requestTypes: ['cti.a.p.acgw.request.v1.1~a.p.customer.mirroring.set_state.v1.0'],
    responseType: 'cti.a.p.acgw.response.v1.1~a.p.customer.mirroring.set_state.ok.v1.0',
    caller: 'token',
    effect: 'write',
  });
  expect(mirrored.find('cti.a.p.acgw.callback.v1.0~a.p.partner.mirroring.get_state.v1.0')?.value.name).toBe('partner.mirroring.get_state');
  expect(mirrored.named('enablement.read')).toBeUndefined();
  expect(mapped.named('partner.mirroring.enable')).toBeUndefined();
});

test('custom callbacks are of the app that was named', () => {
  expect(mapped.find(`cti.a.p.acgw.callback.v1.0~${APP}.users_read.v1.1`)).toMatchObject({
    value: { name: 'users_read', responseType: `cti.a.p.acgw.response.v1.0~${APP}.users_read_success.v1.0`, caller: 'any' },
    drifted: true,
  });
  expect(mapped.find('cti.a.p.acgw.callback.v1.0~vendor.app.users_read.v1.0')).toBeUndefined();
  expect(() => new CallbackTable({ app: 'Nonsense' })).toThrow(RangeError);
});

test('what is switched off is not there', () => {
  const bare = new CallbackTable({ app: APP, userManagement: false });
  expect(bare.all.map(({ group }) => group)).toEqual(Array(6).fill('mapped'));
  expect(new CallbackTable({ app: APP, declaredErrors: false }).all.flatMap(({ errors }) => errors)).toEqual([]);
});

test('cyberapp 9.24: a callback takes its own request type, and the empty one where it has no payload', () => {
  const request = (name: string) => `cti.a.p.acgw.request.v1.0~${name}`;
  expect(mapped.takes(row('topology.read'), request('a.p.topology.read.v1.0'))).toBe(true);
  expect(mapped.takes(row('topology.read'), request('a.p.topology.read.v1.7'))).toBe(true);
  expect(mapped.takes(row('topology.read'), request('a.p.empty.v1.0'))).toBe(true);
  expect(mapped.takes(row('topology.read'), request('a.p.tenant_mapping.write.v1.0'))).toBe(false);
  expect(mapped.takes(row('enablement.write'), request('a.p.empty.v1.0'))).toBe(false);
  expect(mapped.takes(row('enablement.write'), request(`${APP}.user_write.v1.0`))).toBe(false);
  expect(mapped.takes(row('users_read'), request('a.p.empty.v1.0'))).toBe(true);
});

describe('payloads that come in', () => {
  const problem = (name: CallbackName, payload: object | undefined, table = mapped) =>
    payloadProblem(row(name, table), payload as never)?.field;

  test('good ones', () => {
    expect(problem('enablement.read', { whatever: 1 })).toBeUndefined();
    expect(problem('enablement.read', undefined)).toBeUndefined();
    expect(problem('enablement.write', { vendor_tenant_id: 'x', acronis_tenant_id: T, more: 1 })).toBeUndefined();
    const modified = [
      { vendor_tenant_id: 'a', acronis_tenant_id: T },
      { vendor_tenant_id: 'b' },
      { vendor_tenant_id: 'c', acronis_tenant_id: null },
    ];
    expect(problem('tenant_mapping.write', { modified: [...modified, { vendor_tenant_id: 'd', acronis_tenant_id: '' }] })).toBeUndefined();
    expect(problem('tenant_mapping.write', { modified: [] })).toBeUndefined();
    expect(problem('user_write', { login: 'a', name: 'b', email: 'c' })).toBeUndefined();
    const enabled = [{ acronis_tenant_id: T, acronis_tenant_name: 'c', settings: { field1: 'x' } }];
    const set = { partner_tenant_id: T, partner_tenant_name: 'p', enabled, disabled: [{ acronis_tenant_id: T }] };
    expect(problem('customer.mirroring.set_state', set, mirrored)).toBeUndefined();
  });

  test('the first wrong member is named', () => {
    expect(problem('enablement.write', undefined)).toBe('vendor_tenant_id');
    expect(problem('enablement.write', { vendor_tenant_id: '', acronis_tenant_id: T })).toBe('vendor_tenant_id');
    expect(problem('enablement.write', { vendor_tenant_id: 'x', acronis_tenant_id: 'nope' })).toBe('acronis_tenant_id');
    expect(problem('tenant_mapping.write', {})).toBe('modified');
    expect(problem('tenant_mapping.write', { modified: [{ vendor_tenant_id: 'x' }, {}] })).toBe('modified.1.vendor_tenant_id');
    expect(problem('tenant_mapping.write', { modified: Array(20_001).fill({ vendor_tenant_id: 'x' }) })).toBe('modified');
    expect(problem('user_update', { id: 5, name: 'x', email: 'y' })).toBe('id');
    expect(problem('partner.mirroring.enable', { acronis_tenant_id: T }, mirrored)).toBe('acronis_tenant_name');
  });

  test('pages of users are understood only where the app version declares them', () => {
    const paged = new CallbackTable({ app: APP, usersPaging: true });
    expect(problem('users_read', { limit: 'many' })).toBeUndefined();
    expect(problem('users_read', { limit: 100, offset: 0 }, paged)).toBeUndefined();
    expect(problem('users_read', { limit: 'many' }, paged)).toBe('limit');
    expect(problem('users_read', { limit: 5001 }, paged)).toBe('limit');
  });

  test('the text quotes nothing that was sent', () => {
    const sent = { vendor_tenant_id: 'x', acronis_tenant_id: '<script>' };
    expect(payloadProblem(row('enablement.write'), sent)).toEqual({
      field: 'acronis_tenant_id',
      text: 'The member acronis_tenant_id of the payload is not of the form it must have.',
    });
  });
});

describe('cyberapp 9.174: answers', () => {
  const good = answerBody(row('enablement.read').responseType, ids, { vendor_tenant_id: 'x' });

  test('a good one has no problem', () => {
    expect(answered('enablement.read', good)).toEqual([]);
    expect(answered('enablement.write', answerBody(row('enablement.write').responseType, ids))).toEqual([]);
  });

  test('another member, another type and a null tenant are seen', () => {
    expect(answered('enablement.read', { ...good, status: 'ok' })).toEqual(['the member status is not allowed']);
    expect(answered('enablement.read', { ...good, type: row('enablement.write').responseType })).toHaveLength(1);
    expect(answered('enablement.read', { ...good, payload: { vendor_tenant_id: 'x', acronis_tenant_id: null } })).toEqual([
      'The member acronis_tenant_id of the payload is of another type than it must be.',
    ]);
    expect(answered('enablement.read', { ...good, payload: { vendor_tenant_id: 'x', name: 'y' } })).toEqual([
      'The member name of the payload is not allowed.',
    ]);
  });

  test('so are a payload where none is due, none where one is, other ids and no JSON', () => {
    const none = answerBody(row('enablement.write').responseType, ids, {});
    expect(answered('enablement.write', none)).toEqual(['a payload is not allowed']);
    expect(answered('enablement.read', answerBody(row('enablement.read').responseType, ids))).toEqual(['the payload is missing']);
    expect(answered('enablement.read', { ...good, request_id: T, response_id: 'x' })).toHaveLength(2);
    expect(answered('enablement.read', '<html>')).toEqual(['the body is no JSON object']);
    expect(answered('enablement.read', good, { contentType: 'text/plain' })).toEqual(['the content type is not application/json']);
  });

  test('a declared error is an answer of its own status and type; any other error is none', () => {
    const [missing, conflict] = row('user_write').errors;
    const taken = answerBody(conflict?.type ?? '', ids, { code: 'login_taken', message: 'Taken.' });
    expect(answered('user_write', taken, { status: 409 })).toEqual([]);
    expect(answered('user_write', taken, { status: 404 })).toEqual([`the type is not ${missing?.type}`]);
    expect(answered('user_update', taken, { status: 409 })).toEqual(['the status 409 is not declared']);
    expect(answered('enablement.write', errorBody(ids, 'No.'), { status: 403 })).toEqual(['the status 403 is not declared']);
  });

  test('lists with their pages', () => {
    const topology = (payload: unknown) => answered('topology.read', answerBody(row('topology.read').responseType, ids, payload));
    expect(topology({ items: [{ id: 'a', name: 'b' }], paging: { offset: 0, limit: 1, total_count: 2 } })).toEqual([]);
    expect(topology({ items: [], paging: { after: 'x' } })).toEqual([]);
    expect(topology({ items: [], paging: { offset: 0 } })).toHaveLength(1);
    expect(topology({ items: [{ id: 'a', name: 'b', more: 1 }] })).toEqual(['The member items.0.more of the payload is not allowed.']);
    const customers = answerBody(row('customer.mirroring.get_state', mirrored).responseType, ids, [
      { vendor_tenant_id: 'v', acronis_tenant_id: T },
    ]);
    expect(answered('customer.mirroring.get_state', customers, { table: mirrored })).toEqual([]);
  });
});

test('an error says the same twice, and the id only when the request gave one', () => {
  expect(errorBody({ responseId: ids.responseId }, 'No.')).toEqual({ response_id: ids.responseId, message: 'No.', err_message: 'No.' });
  expect(errorBody(ids, 'No.')).toHaveProperty('request_id', ids.requestId);
});
