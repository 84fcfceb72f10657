import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { cp, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { Agents } from '@fairlead/kernel/agents';
import { ManualClock, systemClock } from '@fairlead/kernel/clock';
import { openStore } from '@fairlead/kernel/store';
import { loadAuthority } from '@fairlead/kernel/tls';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { loadConfiguration } from '../src/compose/configuration.ts';
import { startGateway } from '../src/compose/gateway.ts';
import { serve } from './support/serve.ts';

const MINUTE = 60_000;

interface Issued {
  /** The server certificate alone. */
  readonly pem: string;
  /** The authority that signed it. */
  readonly ca: string;
  readonly folder: string;
}

/** Another authority with a server certificate: what an operator brings. */
async function issue(folder: string, name: string): Promise<Issued> {
  const stateDir = join(folder, name);
  const options = { ssl: {}, stateDir, names: ['127.0.0.1'], clock: systemClock, log: captureLog().log, defaultDir: folder };
  const authority = await loadAuthority(options);
  return { pem: new X509Certificate(authority.server().cert).toString(), ca: authority.caPem, folder: join(stateDir, 'tls') };
}

function configText(folder: string): string {
  return [
    `[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1\nstate_dir = ${folder}/state\nrun_dir = ${folder}/run`,
    `[security]\nhmac_secret = ${'a made up secret of the tests '.repeat(2)}`,
    `[ssl]\nca_cert_file = ${folder}/pki/ca.crt\nca_key_file = ${folder}/pki/ca.key`,
    `cert_file = ${folder}/pki/server.crt\nkey_file = ${folder}/pki/server.key`,
    `[image]\nhost = 127.0.0.1\nroots = ${folder}\ndata_port = 0\nproxy_port = 0\ncontrol_port = 0`,
  ].join('\n');
}

/** The verified certificate that a connection is shown, and the connection's own port; a connection of `agent` is used again. */
function shownBy(ca: readonly string[], url: string, agent: Agent | false = false): Promise<{ pem: string; port: number | undefined }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ pem: string; port: number | undefined }>();
  const asking = request(`${url}/healthz`, { agent, ca: [...ca], timeout: 10_000 }, (answer) => {
    const socket = answer.socket as TLSSocket;
    const shown = { pem: socket.getPeerX509Certificate()?.toString() ?? '', port: socket.localPort };
    answer.resume().on('end', () => resolve(shown));
  });
  asking.on('error', reject).end();
  return promise;
}

/** What the gateway expects its agent to show. */
async function enrolledFingerprint(folder: string): Promise<string | undefined> {
  await using store = await openStore({ stateDir: join(folder, 'state'), log: captureLog().log, clock: systemClock });
  return (await new Agents({ store, clock: systemClock }).list())[0]?.fingerprint;
}

/** The certificate of a listener that asks for one of the client too: shown before the client's is refused. */
async function fingerprintOf(ca: readonly string[], url: string): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ca: [...ca] });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect', { signal: AbortSignal.timeout(10_000) });
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

test('every listener shows a swapped certificate to new connections, an open one goes on, and a broken pair changes nothing', async () => {
  await using folder = await tempDir('swap-');
  const [first, second] = [await issue(folder.path, 'first'), await issue(folder.path, 'second')];
  const ca = [first.ca, second.ca];
  await cp(first.folder, join(folder.path, 'pki'), { recursive: true });
  const captured = captureLog();
  const clock = new ManualClock(Date.now());
  await using gateway = await startGateway({
    config: loadConfiguration({ text: configText(folder.path), env: {} }),
    log: captured.log,
    clock,
  });
  const { main = '', 'image server': data = '', 'image proxy': proxy = '' } = gateway.addresses;
  const former = { data: await shownBy(ca, data), proxy: await shownBy(ca, proxy) };
  const formerly = await enrolledFingerprint(folder.path);
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  const before = await shownBy(ca, main, kept);
  expect(before.pem).toBe(first.pem);

  await cp(second.folder, join(folder.path, 'pki'), { recursive: true });
  clock.advance(MINUTE);
  await until(async () => (await shownBy(ca, main)).pem === second.pem, { what: 'the new certificate' });

  expect((await shownBy(ca, main, kept)).port).toBe(before.port);
  expect((await shownBy(ca, data)).pem).not.toBe(former.data.pem);
  expect((await shownBy(ca, proxy)).pem).toBe((await shownBy(ca, data)).pem);

  const enrolled = await enrolledFingerprint(folder.path);
  expect(enrolled).not.toBe(formerly);
  expect(await fingerprintOf(ca, gateway.addresses['image agent'] ?? '')).toBe(enrolled);

  await writeFile(join(folder.path, 'pki', 'server.crt'), 'no certificate');
  clock.advance(MINUTE);
  await until(() => captured.lines().some((line) => line.code === 'FAIRLEAD_CERTIFICATE'), { what: 'the error in the log' });
  expect((await shownBy(ca, main)).pem).toBe(second.pem);
  kept.destroy();
});

test('SIGHUP makes the daemon look at once', { timeout: 60_000 }, async () => {
  await using folder = await tempDir('hup-');
  const [first, second] = [await issue(folder.path, 'first'), await issue(folder.path, 'second')];
  const ca = [first.ca, second.ca];
  await cp(first.folder, join(folder.path, 'pki'), { recursive: true });
  const file = join(folder.path, 'fairlead.ini');
  await writeFile(file, configText(folder.path), { mode: 0o600 });
  await using gateway = await serve(file);
  const { main = '' } = gateway.addresses;
  expect((await shownBy(ca, main)).pem).toBe(first.pem);

  await cp(second.folder, join(folder.path, 'pki'), { recursive: true });
  gateway.cli.signal('SIGHUP');
  await until(async () => (await shownBy(ca, main)).pem === second.pem, { timeoutMs: 20_000, what: 'the new certificate' });

  expect(await gateway.stop()).toMatchObject({ code: 0 });
});
