import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { basic, startHarness } from './harness.ts';

const ADMIN = basic('admin@internal', 'admin-password');

test.each([
  [null, 'application/xml'],
  ['*/*', 'application/xml'],
  ['application/xml', 'application/xml'],
  ['text/xml', 'application/xml'],
  ['application/json', 'application/json'],
  ['application/xml, application/json;q=0.9', 'application/xml'],
  ['application/xml;q=0.5, application/json', 'application/json'],
  ['text/html, application/xhtml+xml, */*;q=0.8', 'application/xml'],
  ['application/*', 'application/xml'],
])('ovirt 12.7: Accept %s is answered with %s', async (accept, type) => {
  await using harness = await startHarness();

  const reply = await harness.api('/datacenters', { accept });

  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, type]);
  expect(reply.text.startsWith(type === 'application/json' ? '{' : '<')).toBe(true);
});

test('the query can ask for a format too', async () => {
  await using harness = await startHarness();

  expect((await harness.api('/datacenters?accept=application/json', { accept: null })).headers.get('content-type')).toBe(
    'application/json',
  );
});

test('who wants neither XML nor JSON gets 406, and reads it', async () => {
  await using harness = await startHarness();

  const reply = await harness.api('/datacenters', { accept: 'image/png' });

  expect(reply.status).toBe(406);
  expect(reply.text).toContain('<fault>');
});

test('who asks for no format and may not enter gets the page that fence agents look for', async () => {
  await using harness = await startHarness();

  const html = await harness.api('/', { user: null, accept: '*/*' });
  const xml = await harness.api('/', { user: null, accept: 'application/xml' });

  expect([html.status, html.headers.get('content-type')]).toEqual([401, 'text/html']);
  expect(html.text).toContain('<title>Error</title>');
  expect(xml.text).not.toContain('<title>');
  expect((await harness.api('/', { accept: '*/*' })).text).not.toContain('<title>Error</title>');
});

test.each([
  '/DataCenters',
  '/datacenters/',
  '/v4/datacenters',
  '/storageDomains',
  '//datacenters',
  '/vms;max=1',
  '/datacenters?max=5&foo=bar',
])('the path %s is understood', async (path) => {
  await using harness = await startHarness();

  expect((await harness.api(path)).status).toBe(200);
});

test('ids are compared with case', async () => {
  await using harness = await startHarness();
  const id = harness.fake.cloud.zones[0]?.id ?? '';

  expect((await harness.api(`/datacenters/${id}`)).status).toBe(200);
  expect((await harness.api(`/datacenters/${id.toUpperCase()}`)).status).toBe(id === id.toUpperCase() ? 200 : 404);
});

test.each([
  '/ovirt-engine',
  '/ovirt-engine/',
  '/ovirt-engine/nothing',
  '/ovirt-engine/API/vms',
  '/ovirt-engine/api/nothing',
  '/ovirt-engine/api/v3/vms',
])('%s is a fault of 404', async (path) => {
  await using harness = await startHarness();

  const reply = await harness.call(path, { accept: 'application/xml' });

  expect([reply.status, reply.headers.get('content-type')]).toEqual([404, 'application/xml']);
  expect(reply.text).toContain('<reason>Operation Failed</reason>');
});

test('a fault in JSON can be read bare and wrapped', async () => {
  await using harness = await startHarness();
  const fault = { reason: 'Operation Failed', detail: 'Entity not found: 6d1f6b1e-0000-4000-8000-000000000000' };

  const reply = await harness.api('/vms/6d1f6b1e-0000-4000-8000-000000000000');

  expect(reply.status).toBe(404);
  expect(reply.json).toEqual({ ...fault, fault });
});

test('a malformed id is 400 at the top and 404 below', async () => {
  await using harness = await startHarness({ prepare: (fake) => fake.addVm({ name: 'web' }) });

  expect((await harness.api('/vms/4')).status).toBe(400);
  expect((await harness.api('/vms/a.b')).status).toBe(400);
  expect((await harness.api('/vms/a%2Fb')).status).toBe(404);
  expect((await harness.api('/datacenters/1/clusters')).status).toBe(400);
});

test('other methods are 405 with those that are allowed', async () => {
  await using harness = await startHarness();

  const known = await harness.api('/datacenters', { method: 'DELETE' });
  const empty = await harness.api('/users', { method: 'POST', body: '{}' });
  const odd = await harness.api('/datacenters', { method: 'PATCH', body: '{}' });

  expect([known.status, known.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect([empty.status, empty.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect(odd.status).toBe(405);
});

test('an unknown action answers an action that failed', async () => {
  await using harness = await startHarness({ prepare: (fake) => fake.addVm({ name: 'web' }) });
  const { id } = harness.fake.vm('web');

  const reply = await harness.api(`/vms/${id}/teleport`, { method: 'POST', body: '<action/>', accept: 'application/xml' });

  expect(reply.status).toBe(404);
  expect(reply.text).toMatch(/<action>.*<fault>.*<status>failed<\/status>.*<\/action>/s);
});

test('collections that oVirt has and we do not are empty, and below nothing they are 404', async () => {
  await using harness = await startHarness({ prepare: (fake) => fake.addVm({ name: 'web' }) });
  const { id } = harness.fake.vm('web');
  const empty = [
    'users',
    'groups',
    'vmpools',
    'instancetypes',
    'roles',
    'bookmarks',
    'icons',
    'domains',
    'storageconnections',
    'schedulingpolicyunits',
  ];
  const more = ['schedulingpolicies', 'permissions', 'macpools', 'networkfilters', 'externalhostproviders', 'openstackimageproviders'];
  const last = [
    'openstackvolumeproviders',
    'openstacknetworkproviders',
    'katelloerrata',
    'affinitylabels',
    'clusterlevels',
    'externalvmimports',
  ];

  for (const name of [...empty, ...more, ...last, 'externaltemplateimports', `vms/${id}/graphicsconsoles`, `vms/${id}/permissions`]) {
    const reply = await harness.api(`/${name}`);
    expect([name, reply.status, Object.values(reply.json)]).toEqual([name, 200, [[]]]);
    expect((await harness.api(`/${name}`, { accept: 'application/xml' })).text, name).toMatch(/<\w+\/>$/);
  }
  expect((await harness.api('/vms/6d1f6b1e-0000-4000-8000-000000000000/permissions')).status).toBe(404);
  expect((await harness.api('/users/6d1f6b1e-0000-4000-8000-000000000000')).status).toBe(404);
});

test('only version 4 is served', async () => {
  await using harness = await startHarness();

  expect((await harness.api('/datacenters', { headers: { version: '4' } })).status).toBe(200);
  const old = await harness.api('/datacenters', { headers: { version: '3' } });
  expect([old.status, old.json.reason]).toEqual([400, 'Invalid value']);
});

test('a correlation id comes back, cleaned, from header or query, or is made', async () => {
  await using harness = await startHarness();
  const idOf = async (path: string, headers: Record<string, string> = {}) =>
    (await harness.api(path, { headers })).headers.get('correlation-id');

  expect(await idOf('/datacenters', { 'correlation-id': 'job-1_a' })).toBe('job-1_a');
  expect(await idOf('/datacenters?correlation_id=a%20b%22c')).toBe('abc');
  expect(await idOf('/datacenters')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await idOf('/vms/4', { 'correlation-id': 'x'.repeat(100) })).toBe('x'.repeat(36));
});

test('HEAD of the root lists the collections in its Link header', async () => {
  await using harness = await startHarness();

  const reply = await harness.api('', { method: 'HEAD' });

  expect([reply.status, reply.text]).toEqual([200, '']);
  expect(reply.headers.get('link')).toContain('</ovirt-engine/api/vms>; rel=vms');
  expect((await harness.api('/vms', { method: 'HEAD' })).status).toBe(200);
});

test('?schema is an XSD of what is served, ?rsdl is not there', async () => {
  await using harness = await startHarness();

  const schema = await harness.api('?schema');

  expect([schema.status, schema.headers.get('content-type')]).toEqual([200, 'application/xml']);
  expect(schema.text).toContain('image_transfer');
  expect((await harness.api('?rsdl')).status).toBe(404);
});

test.each([
  ['max=x', 'max'],
  ['follow=a-b', 'follow'],
  ['case_sensitive=maybe', 'case_sensitive'],
  ['all_content=2', 'all_content'],
  ['search=nonsense=1', 'nonsense'],
  ['search=name%3D', 'value'],
])('the parameter %s is refused by name', async (query, word) => {
  await using harness = await startHarness();

  const reply = await harness.api(`/vms?${query}`);

  expect(reply.status).toBe(400);
  expect(reply.json.detail).toContain(word);
});

test('a body over 8 MiB is 413, read as XML or JSON', async () => {
  await using harness = await startHarness();
  const body = new Uint8Array(8 * 1024 * 1024 + 1).fill(0x20);

  const xml = await harness.api('/vms', { method: 'POST', body, accept: 'application/xml' });
  const json = await harness.api('/vms', { method: 'POST', body });

  expect([xml.status, json.status]).toEqual([413, 413]);
  expect(xml.text).toContain('<fault>');
  expect(json.json.reason).toBe('Operation Failed');
});

test('a form of the SSO may not be large', async () => {
  await using harness = await startHarness();

  const reply = await harness.call('/ovirt-engine/sso/oauth/token', { method: 'POST', user: null, body: `username=${'a'.repeat(70_000)}` });

  expect(reply.status).toBe(413);
});

test('a content type that is none does not end a request', async () => {
  await using harness = await startHarness();

  const reply = await raw(harness.origin, [
    'DELETE /ovirt-engine/api/datacenters HTTP/1.1',
    'Content-Type: ;;;',
    'Content-Length: 2',
    '',
    '{}',
  ]);

  expect(reply).toContain('405 Method Not Allowed');
});

test('a path that is not percent-encoded UTF-8 is refused', async () => {
  await using harness = await startHarness();

  expect(await raw(harness.origin, ['GET /ovirt-engine/api/vms/%ff%fe HTTP/1.1', 'Content-Length: 0', '', ''])).toMatch(
    /^HTTP\/1.1 40[04] /,
  );
});

/** A request that `fetch` would not send; gives the whole answer. */
function raw(origin: string, lines: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  const [first = '', ...rest] = lines;
  socket.write([first, 'Host: localhost', `Authorization: ${ADMIN}`, 'Connection: close', ...rest].join('\r\n'));
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.on('close', () => resolve(text));
  socket.on('error', reject);
  return promise;
}
