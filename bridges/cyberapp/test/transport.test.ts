import { connect as connectPlain } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { isUuid } from '@fairlead/kernel/ids';
import { describe, expect, test } from 'vitest';
import { bodyOf, type HandlerRig, PASSWORD, startHandler } from './support/handler-rig.ts';

function portOf({ url }: HandlerRig): number {
  return Number(new URL(url).port);
}

/** Sends text over a TLS connection of its own and gives what comes until it ends. */
async function raw(rig: HandlerRig, text: string, options: ConnectionOptions = {}): Promise<string> {
  const socket: TLSSocket = connect({ host: '127.0.0.1', port: portOf(rig), ca: rig.ca, ...options });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let got = '';
  socket.setEncoding('utf8');
  socket.on('data', (piece: string) => {
    got += piece;
  });
  socket.once('error', reject);
  socket.once('close', () => resolve(got));
  socket.once('secureConnect', () => socket.write(text));
  return promise;
}

function isRefusal(json: Readonly<Record<string, unknown>>): boolean {
  return typeof json.response_id === 'string' && isUuid(json.response_id) && json.message === json.err_message && json.message !== '';
}

describe('transport', () => {
  test('cyberapp 9.1, 9.2, 9.3, 9.4: the index, other methods and other paths', async () => {
    await using rig = await startHandler();
    const index = await rig.send('GET', '/', {});
    expect(index).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect(index.text).toContain('/callback');
    expect(await rig.send('GET', '/', { accept: 'text/html' })).toMatchObject({ status: 200, text: index.text });
    expect(await rig.send('GET', '/callback', {})).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    expect(await rig.send('POST', '/', { 'content-type': 'application/json' }, '{}')).toMatchObject({
      status: 405,
      headers: { allow: 'GET' },
    });
    const unknown = await rig.send('GET', '/callbacks', {});
    expect(unknown.status).toBe(404);
    expect(isRefusal(unknown.json)).toBe(true);
  });

  test('cyberapp 9.5, 9.6, 9.12: nothing but TLS 1.2 and 1.3 with HTTP/1.1', async () => {
    await using rig = await startHandler();
    const plain = connectPlain(portOf(rig), '127.0.0.1');
    const { promise, resolve } = Promise.withResolvers<string>();
    let got = '';
    plain.on('data', (bytes) => {
      got += bytes.toString('latin1');
    });
    plain.on('error', () => undefined);
    plain.once('close', () => resolve(got));
    plain.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await promise).not.toContain('HTTP/1.1 200');
    const get = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    await expect(raw(rig, get, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow();
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
      expect(await raw(rig, get, { minVersion: version, maxVersion: version })).toContain('HTTP/1.1 200');
    expect(await raw(rig, get, { ALPNProtocols: ['h2', 'http/1.1'] })).toContain('HTTP/1.1 200');
    await expect(raw(rig, get, { ALPNProtocols: ['h2'] })).rejects.toThrow();
  });

  test('cyberapp 9.7, 9.8: the media type is exactly JSON in UTF-8', async () => {
    await using rig = await startHandler();
    const status = async (type: string | undefined) =>
      (await rig.call('enablement.read', undefined, { headers: { 'content-type': type } })).status;
    for (const good of [
      'application/json',
      'application/json; charset=utf-8',
      'APPLICATION/JSON;charset=UTF-8',
      'application/json; charset="utf-8"',
    ])
      expect(await status(good)).toBe(200);
    for (const bad of ['text/plain', 'application/json; charset=latin1', 'application/json-patch+json', 'application/jsonx', ''])
      expect(await status(bad)).toBe(400);
    expect(await status(undefined)).toBe(400);
  });

  test('cyberapp 9.9: what is too long is refused before it is read, in whatever way it comes', async () => {
    await using rig = await startHandler({ keys: 'max_body = 65536' });
    const token = await rig.fake.signer.token(rig.endpoint);
    const head = `POST /callback HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\n`;
    const stated = await raw(rig, `${head}Content-Length: 70000\r\n\r\n`);
    expect(stated).toMatch(/^HTTP\/1\.1 413 /);
    expect(stated.toLowerCase()).toContain('connection: close');
    const chunked = await raw(rig, `${head}Transfer-Encoding: chunked\r\n\r\n11170\r\n${' '.repeat(70_000)}\r\n0\r\n\r\n`);
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
    const small = JSON.stringify(bodyOf('enablement.read', undefined)).padEnd(65_000, ' ');
    expect((await rig.call('enablement.read', undefined, { body: small })).status).toBe(200);
  });

  test('cyberapp 9.9: only lists may be long', async () => {
    await using rig = await startHandler();
    const long = (callback: string, payload?: unknown) =>
      rig.call(callback, payload, { body: JSON.stringify(bodyOf(callback, payload)).padEnd(70_000, ' ') });
    expect((await long('enablement.read')).status).toBe(413);
    expect((await long('tenant_mapping.write', { modified: [] })).status).toBe(200);
  });

  test('cyberapp 9.11: a header that may be there once is refused when it is there twice', async () => {
    await using rig = await startHandler();
    const token = await rig.fake.signer.token(rig.endpoint);
    const body = JSON.stringify(bodyOf('enablement.read', undefined));
    const auth = Buffer.from(`p1:${JSON.stringify({ password: PASSWORD })}`).toString('base64');
    const lines = (more: string) =>
      `POST /callback HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\nX-CyberApp-Auth: ${auth}\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
    expect(await raw(rig, lines(''))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await raw(rig, lines(`x-cyberapp-auth: ${auth}\r\n`))).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(rig, lines('X-CyberApp-Extra: e30=\r\nX-CyberApp-Extra: e30=\r\n'))).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('envelope', () => {
  test('cyberapp 9.13, 9.14: what is no JSON object is refused as JSON', async () => {
    await using rig = await startHandler();
    for (const body of ['', '{', '[]', 'null', '"x"', '1', Buffer.from([0x7b, 0xff, 0x7d])]) {
      const answer = await rig.call('enablement.read', undefined, { body });
      expect(answer.status).toBe(400);
      expect(isRefusal(answer.json)).toBe(true);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    }
    const marked = `\ufeff${JSON.stringify(bodyOf('enablement.read', undefined))}`;
    expect((await rig.call('enablement.read', undefined, { body: marked })).status).toBe(200);
  });

  test('cyberapp 9.15: bombs and traps are refused', async () => {
    await using rig = await startHandler();
    const good = JSON.stringify(bodyOf('enablement.read', {}));
    const status = async (body: string) => (await rig.call('enablement.read', undefined, { body })).status;
    expect(await status(good.replace('"context":', '"context":{},"context":'))).toBe(400);
    expect(await status(good.replace('"payload":{}', '"payload":{"__proto__":{"x":1}}'))).toBe(400);
    expect(await status(good.replace('"payload":{}', `"payload":${'{"a":'.repeat(17)}1${'}'.repeat(17)}`))).toBe(400);
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 257 }, (_, at) => [`m${at}`, 1])));
    expect(await status(good.replace('"payload":{}', `"payload":${many}`))).toBe(400);
  });

  test('cyberapp 9.16, 9.17, 9.18, 9.19, 9.20: members that are missing or of another kind', async () => {
    await using rig = await startHandler();
    const status = async (wish: Parameters<HandlerRig['call']>[2]) => (await rig.call('enablement.read', undefined, wish)).status;
    for (const context of [undefined, [], 'x']) expect(await status({ members: { context } })).toBe(400);
    for (const callback_id of [undefined, 5, {}]) expect(await status({ context: { callback_id } })).toBe(400);
    for (const request_id of [undefined, 'x', {}]) expect(await status({ members: { request_id } })).toBe(400);
    for (const created_at of [undefined, 'yesterday', 5]) expect(await status({ members: { created_at } })).toBe(400);
    expect(await status({ members: { created_at: '0001-01-01T00:00:00Z' } })).toBe(200);
    expect(await status({ context: { tenant_id: 'x' } })).toBe(400);
    for (const datacenter_url of [undefined, 5, '/relative']) expect(await status({ context: { datacenter_url } })).toBe(400);
    const requestId = '3F6D1C0A-5B7E-4C1E-9A53-0C7D2B9E4F11';
    expect((await rig.call('enablement.read', undefined, { requestId })).json.request_id).toBe(requestId);
  });

  test('cyberapp 9.21, 9.22, 9.23, 9.24, 9.25, 9.26: callbacks, types and payloads', async () => {
    await using rig = await startHandler();
    const extra = await rig.call('enablement.read', undefined, { members: { more: 1 }, context: { more: { x: [] } } });
    expect(extra.status).toBe(200);
    const unknown = { context: { callback_id: 'cti.a.p.acgw.callback.v1.0~a.p.nothing.v1.0' } };
    expect((await rig.call('enablement.read', undefined, unknown)).status).toBe(400);
    expect((await rig.call('enablement.read', undefined, { ...unknown, password: 'wrong' })).status).toBe(401);
    const minor = { context: { callback_id: 'cti.a.p.acgw.callback.v1.0~a.p.enablement.read.v1.1' } };
    expect(await rig.call('enablement.read', undefined, minor)).toMatchObject({
      status: 200,
      json: { type: 'cti.a.p.acgw.response.v1.0~a.p.enablement.read.ok.v1.0' },
    });
    const major = { context: { callback_id: 'cti.a.p.acgw.callback.v1.0~a.p.enablement.read.v2.0' } };
    expect((await rig.call('enablement.read', undefined, major)).status).toBe(400);
    const other = { members: { type: 'cti.a.p.acgw.request.v1.0~a.p.enablement.write.v1.0' } };
    expect((await rig.call('enablement.read', undefined, other)).status).toBe(400);
    const empty = { members: { type: 'cti.a.p.acgw.request.v1.0~a.p.empty.v1.0' } };
    expect((await rig.call('topology.read', {}, empty)).status).toBe(200);
    for (const payload of [undefined, null, {}]) expect((await rig.call('enablement.read', payload)).status).toBe(200);
    for (const payload of [[], 'x']) expect((await rig.call('enablement.read', payload)).status).toBe(400);
  });
});
