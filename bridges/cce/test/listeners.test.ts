import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { testAuthority } from '@fairlead/testkit/certs';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import { startGateway } from './support/gateway.ts';

const PING = { method: 'POST', body: '{"cmd":"PING"}' } as const;

/** The certificate that a listener shows, which must be of one of the authorities. */
async function shownAt(url: string, ca: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ca: [...ca] });
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  socket.once('secureConnect', () => resolve(socket)).once('error', reject);
  const fingerprint = (await promise).getPeerX509Certificate()?.fingerprint256 ?? '';
  socket.destroy();
  return fingerprint;
}

test('the API listens on each address, and on plain HTTP only where that is wished', async () => {
  await using gateway = await startGateway({
    keys: 'listen_address = 127.0.0.1:0, [::1]:0\nenable_http = true\nhttp_listen_address = 127.0.0.1:0',
  });
  const { cce, 'cce 2': six, 'cce 3': plain } = gateway.running.addresses ?? {};

  expect([cce, six, plain].map((url) => url?.replace(/\d+$/, ''))).toEqual(['https://127.0.0.1:', 'https://[::1]:', 'http://127.0.0.1:']);
  expect(await gateway.post({ cmd: 'PING' })).toMatchObject({ http: 202 });
  expect((await request(`${plain}/v2/cce`, PING)).statusCode).toBe(202);
});

test('plain HTTP without an address of its own keeps the gateway from starting', async () => {
  await expect(startGateway({ keys: 'enable_http = true' })).rejects.toMatchObject({ code: 'CCE_LISTEN' });
});

test('a certificate that was changed is shown after a reload, one that cannot be used is not', async () => {
  await using folder = await tempDir('cce-');
  await using first = await testAuthority();
  await using second = await testAuthority();
  const [cert, key] = [join(folder.path, 'cert'), join(folder.path, 'key')];
  const write = (pair: { cert: string; key: string }) => Promise.all([writeFile(cert, pair.cert), writeFile(key, pair.key)]);
  await write(first);
  const keys = `cert_file = ${cert}\nkey_file = ${key}`;
  await using gateway = await startGateway({ keys, authority: first });
  const ca = [first.authority.caPem, second.authority.caPem];
  const before = await shownAt(gateway.url, ca);

  await write(second);
  await gateway.reload(keys);
  const after = await shownAt(gateway.url, ca);
  expect(after).not.toBe(before);
  await write({ cert: first.cert, key: second.key });
  await expect(gateway.reload(keys)).rejects.toMatchObject({ code: 'FAIRLEAD_CERTIFICATE' });
  expect(await shownAt(gateway.url, ca)).toBe(after);
});

test('a client need not show a certificate, but one that it shows has to be of a known authority', async () => {
  await using folder = await tempDir('cce-');
  await using known = await testAuthority();
  await using stranger = await testAuthority();
  const authorities = join(folder.path, 'ca-certs');
  await writeFile(authorities, known.ca);
  await using gateway = await startGateway({ keys: `ca_cert_file = ${authorities}\ndebuglog = true`, authority: known });
  const ask = async (pair: { readonly cert?: string; readonly key?: string }) => {
    const agent = new Agent({ connect: { ca: known.ca, ...pair } });
    try {
      return (await request(`${gateway.url}/v2/cce`, { ...PING, dispatcher: agent })).statusCode;
    } finally {
      await agent.destroy();
    }
  };

  expect(await ask({})).toBe(202);
  expect(await ask(await known.authority.issueClient('panel'))).toBe(202);
  await expect(ask(await stranger.authority.issueClient('panel'))).rejects.toThrow();
  expect(gateway.captured.text().match(/CMD: /g) ?? []).toHaveLength(2);
});

test('a stop lets requests end and tells those who wait for events', async () => {
  await using gateway = await startGateway();
  const stream = await request(`${gateway.url}/v2/events`, { dispatcher: gateway.agent });
  expect(stream.statusCode).toBe(200);
  const ended = stream.body.text().then(
    () => 'ended',
    () => 'cut',
  );
  const answer = gateway.post({ cmd: 'GET 1' });
  await until(() => gateway.captured.text().includes('CMD: \\"GET 1') || undefined, { what: 'the request' });
  await gateway.running[Symbol.asyncDispose]();

  expect((await answer).http).toBe(200);
  expect(['ended', 'cut']).toContain(await ended);
  await expect(gateway.post({ cmd: 'PING' })).rejects.toThrow();
});

test('the password file of an earlier start is replaced, the master key stays', async () => {
  await using folder = await tempDir('cce-');
  const key = join(folder.path, 'cce/master.key');
  const first = await startGateway({ stateDir: folder.path });
  const before = await readFile(key, 'utf8');
  await first[Symbol.asyncDispose]();
  await using _second = await startGateway({ stateDir: folder.path });

  expect(await readFile(key, 'utf8')).toBe(before);
  expect(Buffer.from(before, 'base64')).toHaveLength(32);
});
