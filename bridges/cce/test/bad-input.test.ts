import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_PASSWORD } from '@fairlead/engine-cce/fixtures';
import { tempDir } from '@fairlead/testkit/temp';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './support/gateway.ts';
import { RawCscp } from './support/raw-cscp.ts';

const MIB = 1_048_576;
const WHO = { user: 'admin', password: DEMO_PASSWORD };
const OK = { http: 200, json: { status: 201 } };

let folder: Awaited<ReturnType<typeof tempDir>>;
let gateway: TestGateway;
let peer: RawCscp;

beforeAll(async () => {
  folder = await tempDir('bi-');
  const socket = join(folder.path, 'admin/cced.socket');
  await mkdir(join(folder.path, 'admin'), { mode: 0o700 });
  gateway = await startGateway({ stateDir: folder.path, keys: `admin_socket = ${socket}` });
  peer = await RawCscp.open(socket);
});
afterAll(async () => {
  peer?.[Symbol.dispose]();
  await gateway?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

/** A body as these bytes. */
async function send(bytes: Uint8Array): Promise<{ http: number; text: string }> {
  const { statusCode: http, body } = await request(`${gateway.url}/v2/cce`, { dispatcher: gateway.agent, method: 'POST', body: bytes });
  return { http, text: await body.text() };
}

async function descriptionOf(oid: string): Promise<string | undefined> {
  const { json } = await gateway.post({ ...WHO, cmd: 'GET', oid });
  return (json.data as { DATA: Record<string, string> }).DATA.description;
}

test('a value of one MiB is accepted over CSCP, refused over JSON with 413, and shown whole over both', async () => {
  const value = `${'x'.repeat(MIB - 1)}y`;
  expect(await peer.ask(`SET 56 description="${value}"`)).toEqual(['201 OK']);
  expect((await peer.ask('GET 56')).find((line) => line.startsWith('102 DATA description'))?.length).toBe(
    '102 DATA description = ""'.length + MIB,
  );
  const refused = await gateway.post({ ...WHO, cmd: 'SET', oid: '56', data: { description: `${value}z` } });
  expect(refused).toMatchObject({ http: 413, json: { status: 413, message: 'Request body too large' } });
  expect(await descriptionOf('56')).toBe(value);
});

test('bytes that are no UTF-8 are kept as they are for CSCP, and stand as U+FFFD in JSON', async () => {
  expect(await peer.ask('SET 56 description="a\\377\\303(\u00ff"')).toEqual(['201 OK']);
  expect(await peer.ask('GET 56')).toContain('102 DATA description = "a\\377\\303(\\377"');
  expect(await descriptionOf('56')).toBe('a\ufffd\ufffd(\ufffd');
  const before = await peer.ask('GET 58');
  const body = Buffer.from(
    JSON.stringify({ ...WHO, cmd: 'SET', oid: '56', data: { description: 'a~b' } }).replace('~', '\u00ff'),
    'latin1',
  );
  const answer = await send(body);
  expect([200, 400]).toContain(answer.http);
  expect(await descriptionOf('56')).toBe(answer.http === 200 ? 'a\ufffdb' : 'a\ufffd\ufffd(\ufffd');
  expect(await peer.ask('GET 58')).toEqual(before);
});

test('of a key that stands twice the last counts, and keys of every object are keys like others', async () => {
  const { user, password } = WHO;
  const twice = `{"cmd":"DESTROY","cmd":"SET","oid":"58","oid":"56","user":"${user}","password":"${password}","data":{"description":"1","description":"2"}}`;
  expect(await send(Buffer.from(twice))).toMatchObject({ http: 200 });
  expect(await descriptionOf('56')).toBe('2');
  for (const key of ['__proto__', 'constructor', 'hasOwnProperty']) {
    const { text } = await send(Buffer.from(`{"cmd":"SET","oid":"56","user":"${user}","password":"${password}","data":{"${key}":"x"}}`));
    expect(text).toContain(`BAD DATA 56 ${key} \\"[[base-cce.unknownAttr]]\\"`);
    expect(await peer.ask(`SET 56 ${key}="x"`)).toEqual([`302 BAD DATA 56 ${key} "[[base-cce.unknownAttr]]"`, '401 FAIL']);
    expect(await peer.ask(`GET 56 . ${key}`)).toEqual([`303 UNKNOWN NAMESPACE ${key}`, '401 FAIL']);
    expect(await peer.ask(`FIND ${key}`)).toEqual([`301 UNKNOWN CLASS ${key}`, '401 FAIL']);
    expect(await peer.ask(`FIND User ${key}="x"`)).toEqual(['201 OK']);
  }
});

test('an expression that is built to hang is answered, and one that grows too big is refused', async () => {
  expect(await peer.ask(`SET 56 description="${'a'.repeat(100_000)}!"`)).toEqual(['201 OK']);
  for (const pattern of ['^(a+)+$', '^(a|a)+$', '^(a|aa)+$', '(.*)*x', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
    expect(await peer.ask(`FIND User description ~ "${pattern}"`)).toEqual(['201 OK']);
    const found = await gateway.post({ ...WHO, cmd: 'FINDX', class: 'User', regex_args: { description: pattern } });
    expect(found).toMatchObject({ ...OK, json: { data: { oidlist: [] } } });
  }
  for (const pattern of ['((((a{1,99}){1,99}){1,99}){1,99})', 'a'.repeat(1025), '('.repeat(600)]) {
    const refused = await gateway.post({ ...WHO, cmd: 'FINDX', class: 'User', regex_args: { description: pattern } });
    expect(refused).toMatchObject({ http: 401, json: { status: 401, data: { errors: [{ code: 308 }, { code: 401 }] } } });
  }
});

test('of two COMMITs at once one is carried out, and nothing is done twice', async () => {
  const { json } = await gateway.post({ cmd: 'AUTH', ...WHO });
  const who = { user: 'admin', sessionid: (json.data as { sessionid: string }).sessionid };
  await gateway.post({ ...who, cmd: 'BEGIN' });
  await gateway.post({ ...who, cmd: 'CREATE', class: 'Route', data: { target: '10.77.0.1', netmask: '255.0.0.0' } });
  const commits = await Promise.all([1, 2, 3].map(() => gateway.post({ ...who, cmd: 'COMMIT' })));
  expect(commits.map(({ http }) => http).toSorted()).toEqual([200, 400, 400]);
  const { json: found } = await gateway.post({ ...who, cmd: 'FINDX', class: 'Route', args: { target: '10.77.0.1' } });
  expect((found.data as { oidlist: string[] }).oidlist).toHaveLength(1);
});

test('NUL, lone surrogates, deep and odd bodies change nothing and are no failure of ours', async () => {
  const before = await peer.ask('GET 58');
  const { user, password } = WHO;
  const bodies = [
    `{"cmd":"SET","oid":"58","user":"${user}","password":"${password}","data":{"description":"\\u0000"}}`,
    `{"cmd":"SET 58 description=\\"\\u0000\\"","user":"${user}","password":"${password}"}`,
    `{"cmd":"SET","oid":"58","data":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    `{"cmd":"SET","oid":1e999}`,
    `{"cmd":"SET","oid":["58"],"data":{"description":"x"},"user":"${user}","password":"${password}"}`,
    `{"cmd":["SET 58 description=x"]}`,
    `{"cmd":"SET","oid":"58","data":"description","user":"${user}","password":"${password}"}`,
    `{"cmd":"${'('.repeat(100_000)}"}`,
    `{"cmd":"SET 58 ${'a '.repeat(100_000)}","user":"${user}","password":"${password}"}`,
    ' '.repeat(100_000),
    'null',
    '\u0000',
  ];
  for (const body of bodies) {
    const { http, text } = await send(Buffer.from(body));
    expect([http, text.slice(0, 200)]).toEqual([400, expect.stringMatching(/^\{"status":40[0-3],/)]);
  }
  expect(await peer.ask('SET 58 description="\0"')).toEqual(['306 ERROR COMMAND PARSE ERROR', '402 BAD COMMAND']);
  expect(await peer.ask('GET 58')).toEqual(before);
});
