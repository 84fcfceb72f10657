import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { IDLE_MS } from '../src/fake/server.ts';
import { codes, raw } from './raw.ts';
import { logIn, signIn } from './sign-in.ts';
import { type Cloud, openCloud } from './support.ts';

/** Facts 15 to 19 of the recordings of CloudStack 4.23: HTTP and sessions. */

/** A request with nothing added by `fetch`. */
async function plain(
  cloud: Cloud,
  method: string,
  headers: Record<string, string> = {},
): Promise<{ message: IncomingMessage; bytes: Buffer }> {
  const outgoing = request(`${cloud.fake.url}?command=listZones&response=json`, { method, headers }).end();
  const [message] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return { message, bytes: Buffer.concat(chunks) };
}

test('15 there is no Date and no Server header, and JSON and XML say their charset', async () => {
  await using cloud = await openCloud();
  const json = await raw(cloud, 'listZones', {}, { as: 'alice' });
  const xml = await raw(cloud, 'listZones', {}, { as: 'alice', format: 'xml' });
  for (const { headers } of [json, xml]) expect([headers.get('date'), headers.get('server')]).toEqual([null, null]);
  expect(json.headers.get('content-type')).toBe('application/json;charset=utf-8');
  expect(xml.headers.get('content-type')).toBe('text/xml;charset=utf-8');
});

test('16 an idle connection is closed without a Connection header before; the real one after 30 s', async () => {
  expect(IDLE_MS).toBe(30_000);
  await using cloud = await openCloud({ idleMs: 50 });
  const socket = connect(Number(new URL(cloud.fake.url).port), '127.0.0.1');
  socket.write('GET /client/api?command=listZones&response=json HTTP/1.1\r\nHost: fake\r\n\r\n');
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(socket, 'close');
  expect(text).toMatch(/^HTTP\/1\.1 401 /);
  expect(text).not.toMatch(/^(connection|keep-alive):/im);
});

test('17 PUT and DELETE are 405 without a body, HEAD and OPTIONS 200', async () => {
  await using cloud = await openCloud();
  for (const method of ['PUT', 'DELETE']) {
    const { message, bytes } = await plain(cloud, method);
    expect([message.statusCode, bytes.length]).toEqual([405, 0]);
  }
  const head = await raw(cloud, 'listZones', {}, { as: 'alice', method: 'HEAD' });
  expect([head.status, head.text]).toEqual([200, '']);
  expect((await plain(cloud, 'OPTIONS')).message.statusCode).toBe(200);
});

test('17 a URI over 8 kB is 414 with some HTML, a form over 1 MiB 404 with a page, and a JSON body is not read', async () => {
  await using cloud = await openCloud();
  const long = await raw(cloud, 'listZones', { keyword: 'x'.repeat(9000) });
  expect([long.status, long.headers.get('content-type'), long.text]).toEqual([
    414,
    expect.stringMatching(/^text\/html/),
    expect.stringContaining('<h1>'),
  ]);
  const large = await raw(cloud, 'listZones', { keyword: 'x'.repeat(1_100_000) }, { method: 'POST' });
  expect([large.status, large.headers.get('content-type'), large.text]).toEqual([
    404,
    expect.stringMatching(/^text\/html/),
    expect.stringContaining('<html>'),
  ]);
  const { status } = await fetch(cloud.fake.url, {
    method: 'POST',
    body: '{"command":"listZones"}',
    headers: { 'content-type': 'application/json' },
  });
  expect(status).toBe(401);
});

test('17 gzip is offered and used', async () => {
  await using cloud = await openCloud();
  const { headers, text } = await raw(cloud, 'listApis', {}, { as: 'alice', headers: { 'accept-encoding': 'gzip' } });
  expect([headers.get('content-encoding'), Number(headers.get('content-length')) < text.length]).toEqual(['gzip', true]);
});

test('18 a login is by POST only; a refusal is 531, names the number of the domain and sets a JSESSIONID all the same', async () => {
  await using cloud = await openCloud();
  const { password } = cloud.fake.user('alice');
  const get = await raw(cloud, 'login', { username: 'alice', password, domain: 'tenants' });
  expect([get.status, get.headers.get('content-type'), get.text]).toEqual([
    405,
    'application/json;charset=utf-8',
    expect.stringContaining('HTTP POST'),
  ]);
  const refused = await logIn(cloud, { username: 'alice', password: 'wrong', domain: 'tenants' });
  const { loginresponse } = (await refused.json()) as { loginresponse: { errortext: string } };
  const tenants = cloud.fake.userRow('alice').account.domain;
  expect([refused.status, loginresponse.errortext]).toEqual([531, expect.stringContaining(`in domain ${tenants.n};`)]);
  expect(refused.headers.getSetCookie()).toEqual([expect.stringMatching(/^JSESSIONID=/)]);
});

test('18 a domain may be a, /a or /a/, not ROOT/a', async () => {
  await using cloud = await openCloud();
  const { password } = cloud.fake.user('alice');
  const status = async (domain: string) => (await logIn(cloud, { username: 'alice', password, domain })).status;
  expect([await status('tenants'), await status('/tenants'), await status('/tenants/'), await status('ROOT/tenants')]).toEqual([
    200, 200, 200, 531,
  ]);
});

test.each([
  ['the cookie of the session', { id: undefined }],
  ['the cookie of its key', { cookie: undefined }],
  ['the right cookie of its key', { cookie: 'wrong' }],
  ['the parameter', { param: undefined }],
  ['the right parameter', { param: 'wrong' }],
])('19 without %s a call in a session is 401', async (what, parts) => {
  await using cloud = await openCloud();
  const session = await signIn(cloud, 'alice');
  expect(codes(await session.call('listZones'))).toBe('200');
  expect((await session.call('listZones', parts)).status).toBe(401);
  // Without its cookie the server does not know which session to end.
  expect((await session.call('listZones')).status).toBe(what === 'the cookie of the session' ? 200 : 401);
});

test('19 the cookie of the key is HttpOnly and SameSite=Lax without a path, that of the session has a path and is open', async () => {
  await using cloud = await openCloud();
  const { response, id, key } = await signIn(cloud, 'alice');
  expect(response.headers.getSetCookie()).toEqual([`JSESSIONID=${id}; Path=/client`, `sessionkey=${key};HttpOnly;SameSite=Lax`]);
});
