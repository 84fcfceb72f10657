import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect, type PeerCertificate } from 'node:tls';
import { expect, test } from 'vitest';
import { ManualClock } from '../src/clock/index.ts';
import { createLog, silentLog } from '../src/log/index.ts';
import { type AuthorityOptions, CertificateWatch, loadAuthority } from '../src/tls/index.ts';
import { newFolder } from './folder.ts';

const day = 86_400_000;

function load(path: string, more: Partial<AuthorityOptions> = {}) {
  const clock = new ManualClock(Date.now());
  return loadAuthority({ ssl: {}, stateDir: path, names: [], clock, log: silentLog(), defaultDir: `${path}/none`, ...more });
}

const caSubject = ['-subj', '/CN=Older CA', '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'];
const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });

test('ovirt 12.22: makes an authority and a leaf once, for the owner only, and keeps them', async () => {
  await using folder = await newFolder();
  const made = await load(folder.path);
  const again = await load(folder.path);

  expect(again.server()).toEqual(made.server());
  expect(again.caPem).toBe(made.caPem);
  for (const name of ['ca.key', 'server.key']) expect((await stat(folder.file(`tls/${name}`))).mode & 0o777).toBe(0o600);
});

test('openssl finds the chain good, on EC P-256, with every name and address', async () => {
  await using folder = await newFolder();
  const authority = await load(folder.path, { names: ['gateway.example.org', '192.0.2.9', 'Bücher.example', '2001:DB8::0:9', 'no name!'] });
  await writeFile(folder.file('bundle.pem'), authority.bundlePem);
  const text = openssl('x509', '-in', folder.file('tls/server.crt'), '-noout', '-text');
  const ca = openssl('x509', '-in', folder.file('tls/ca.crt'), '-noout', '-text', '-fingerprint', '-sha256');

  expect(
    openssl('verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', folder.file('bundle.pem'), folder.file('tls/server.crt')),
  ).toContain(': OK');
  expect(text).toContain('prime256v1');
  expect(ca).toMatch(/CA:TRUE, pathlen:0/);
  expect(ca).toContain(authority.fingerprint);
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const leaf = new X509Certificate(authority.server().cert);
  for (const { address } of addresses) expect(leaf.checkIP(address.replace(/%.*/, ''))).toBeDefined();
  for (const name of ['localhost', 'gateway.example.org', 'xn--bcher-kva.example']) expect(leaf.checkHost(name)).toBe(name);
  expect(leaf.checkIP('192.0.2.9')).toBeDefined();
  expect(leaf.checkIP('2001:db8::9')).toBeDefined();
  expect(text).not.toContain('no name');
});

test('a client that trusts the bundle connects; mTLS takes our client certificates and no others', async () => {
  await using folder = await newFolder();
  await using stranger = await newFolder();
  const authority = await load(folder.path);
  const foreign = await load(stranger.path);
  const server = createServer({ ...authority.dataServer(), ca: authority.caPem, requestCert: true, rejectUnauthorized: true });
  server.on('tlsClientError', () => undefined);
  server.on('request', (_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const peerOf = (pair: object) => greet(port, { ca: authority.bundlePem, ...pair });

  expect(await peerOf(await authority.issueClient('agent-1'))).toMatchObject({ issuer: { CN: 'Fairlead CA' } });
  await expect(peerOf(await foreign.issueClient('agent-1'))).rejects.toThrow();
  await expect(peerOf({})).rejects.toThrow();
  await expect(peerOf(await authority.issueServer(['agent-1']))).rejects.toThrow();
  server.close();
});

test('ovirt 12.22: the leaf is renewed when a name is missing or its end is near, the authority is not', async () => {
  await using folder = await newFolder();
  const clock = new ManualClock(Date.now());
  const first = await load(folder.path, { clock });
  const named = await load(folder.path, { clock, names: ['new.example.org'] });
  expect(named.server().cert).not.toBe(first.server().cert);
  expect(await named.refresh()).toBe(false);

  clock.advance(Math.ceil(named.expiresAt - clock.now() - 29 * day));

  expect(await named.refresh()).toBe(true);
  expect(named.expiresAt - clock.now()).toBeGreaterThan(300 * day);
  expect(named.caPem).toBe(first.caPem);
});

test('half a leaf, as a crash leaves it, is made anew', async () => {
  await using folder = await newFolder();
  const first = await load(folder.path);
  const other = await first.issueServer(['localhost']);
  await writeFile(folder.file('tls/server.key'), other.key);
  const second = await load(folder.path);

  expect(second.server().cert).not.toBe(first.server().cert);
  expect(new X509Certificate(second.server().cert).checkIP('127.0.0.1')).toBeDefined();
});

test('an authority whose making was cut short is made again', async () => {
  await using folder = await newFolder();
  const first = await load(folder.path);
  await rm(folder.file('tls/ca.crt'));
  const second = await load(folder.path);

  expect(second.caPem).not.toBe(first.caPem);
  expect(new X509Certificate(second.server().cert).verify(new X509Certificate(second.caPem).publicKey)).toBe(true);
});

test('a foreign certificate is shown by the control faces, ours by the data plane, and both roots are in the bundle', async () => {
  await using folder = await newFolder();
  await using other = await newFolder();
  const foreign = await load(other.path, { names: ['public.example.org'] });
  const ssl = { cert_file: other.file('tls/server.crt'), key_file: other.file('tls/server.key') };
  const authority = await load(folder.path, { ssl });

  expect(authority.server()).toEqual(foreign.server());
  expect(new X509Certificate(authority.dataServer().cert).verify(new X509Certificate(authority.caPem).publicKey)).toBe(true);
  expect(authority.bundlePem.startsWith(authority.caPem)).toBe(true);
  expect(authority.bundlePem).toContain(foreign.caPem.trim());
  expect(authority.caPem).not.toBe(foreign.caPem);
});

test('certificates in the default folder are used when the configuration is silent', async () => {
  await using folder = await newFolder();
  await using other = await newFolder();
  const usual = await load(other.path);
  const authority = await load(folder.path, { defaultDir: other.file('tls') });

  expect(authority.server()).toEqual(usual.server());
  expect(authority.caPem).toBe(usual.caPem);
});

test('an RSA authority of the older program signs on, and missing files beside its key are made', async () => {
  await using folder = await newFolder();
  const ssl = {
    ca_cert_file: folder.file('ca.crt'),
    ca_key_file: folder.file('ca.key'),
    cert_file: folder.file('none.crt'),
    key_file: folder.file('none.key'),
  };
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '30',
    '-keyout',
    ssl.ca_key_file,
    '-out',
    ssl.ca_cert_file,
    ...caSubject,
  );
  const authority = await load(folder.file('state'), { ssl });

  expect(authority.caPem.trim()).toBe((await readFile(ssl.ca_cert_file, 'utf8')).trim());
  expect(openssl('verify', '-CAfile', ssl.ca_cert_file, folder.file('state/tls/server.crt'))).toContain(': OK');
});

test('a fresh checkout of the older program gets its authority where the file names it', async () => {
  await using folder = await newFolder();
  const ssl = { ca_cert_file: folder.file('certs/ca.crt'), ca_key_file: folder.file('certs/ca.key') };
  const authority = await load(folder.path, { ssl });

  expect(await readFile(ssl.ca_cert_file, 'utf8')).toBe(authority.caPem);
});

test.each([
  ['a missing certificate', { cert_file: 'a.crt', key_file: 'a.key' }],
  ['a certificate without key', { cert_file: 'tls/server.crt' }],
  ['a key of another certificate', { cert_file: 'tls/server.crt', key_file: 'tls/ca.key' }],
  ['a file that is no PEM', { cert_file: 'nonsense', key_file: 'tls/server.key' }],
  ['a folder', { cert_file: 'tls', key_file: 'tls/server.key' }],
  ['a CA that is missing', { ca_cert_file: 'none.crt' }],
  ['a CA that is no PEM', { ca_cert_file: 'nonsense' }],
  ['a CA that is a broken certificate', { ca_cert_file: 'broken' }],
  ['a CA key without certificate', { ca_key_file: 'tls/ca.key' }],
])('%s is FAIRLEAD_CERTIFICATE that names the file', async (_name, ssl) => {
  await using folder = await newFolder();
  await load(folder.path);
  await writeFile(folder.file('nonsense'), 'nonsense');
  await writeFile(folder.file('broken'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  const files = Object.fromEntries(Object.entries(ssl).map(([key, name]) => [key, folder.file(name)]));

  await expect(load(folder.path, { ssl: files })).rejects.toMatchObject({
    code: 'FAIRLEAD_CERTIFICATE',
    message: expect.stringContaining(folder.path),
  });
});

test('a configured certificate is taken again when its file changes, and who asked is told, even after one that fails', async () => {
  await using folder = await newFolder();
  await using other = await newFolder();
  const clock = new ManualClock(Date.now());
  await load(other.path, { clock });
  await mkdir(folder.file('pki'));
  await cp(other.file('tls'), folder.file('pki'), { recursive: true });
  const ssl = { cert_file: folder.file('pki/server.crt'), key_file: folder.file('pki/server.key') };
  const authority = await load(folder.path, { ssl, clock });
  const told: string[] = [];
  authority.onChange(() => Promise.reject(new Error('not me')));
  authority.onChange(() => void told.push(authority.server().cert));
  const stop = authority.onChange(() => void told.push('nobody listens any more'));
  stop();

  clock.advance(380 * day);
  const renewed = await load(other.path, { clock });
  await cp(other.file('tls'), folder.file('pki'), { recursive: true });

  expect(await authority.refresh()).toBe(true);
  expect(authority.server()).toEqual(renewed.server());
  expect(await authority.refresh()).toBe(false);
  expect(told).toEqual([renewed.server().cert]);
});

test('the watch takes changed files within a minute, tells a broken pair once a day, and warns once a day near the end', async () => {
  await using folder = await newFolder();
  await using other = await newFolder();
  const clock = new ManualClock(Date.now());
  const foreign = await load(other.path, { clock });
  const lines: string[] = [];
  const said = (text: string) => lines.filter((line) => line.includes(text));
  const log = createLog({ destination: { write: (line) => void lines.push(line) } });
  const ssl = { cert_file: other.file('tls/server.crt'), key_file: other.file('tls/server.key') };
  const authority = await load(folder.path, { ssl, clock, log });
  await using watch = new CertificateWatch({ authority, clock, log });
  await writeFile(ssl.cert_file, 'nonsense');

  for (const ms of [0, 60_000, day]) {
    clock.advance(ms);
    await watch.look();
  }
  expect(said('the former stays in use')).toHaveLength(2);
  expect(said('FAIRLEAD_CERTIFICATE')).toHaveLength(2);
  expect(said('ends soon')).toHaveLength(0);

  clock.advance(foreign.expiresAt - clock.now() - 29 * day);
  for (const ms of [0, 60_000, day - 60_000]) {
    clock.advance(ms);
    await watch.look();
  }
  expect(said('ends soon').map((line) => JSON.parse(line).days)).toEqual([29, 28]);

  const renewed = await load(other.path, { clock });
  await watch.look();
  expect(authority.server()).toEqual(renewed.server());
  expect(said('new connections are shown a new certificate')).toHaveLength(1);
});

test('files that vanish at a refresh leave the certificates in use, the authority of the state folder too', async () => {
  await using folder = await newFolder();
  await using other = await newFolder();
  const authority = await load(folder.path, { defaultDir: other.file('tls') });
  await load(other.path);
  expect(await authority.refresh()).toBe(true);
  const shown = authority.server();
  for (const name of ['server.crt', 'server.key', 'ca.crt', 'ca.key']) await rm(other.file(`tls/${name}`));

  await expect(authority.refresh()).rejects.toMatchObject({ code: 'FAIRLEAD_CERTIFICATE' });
  await rm(folder.file('tls/ca.crt'));
  await expect(authority.refresh()).rejects.toMatchObject({ code: 'FAIRLEAD_CERTIFICATE' });
  expect(authority.server()).toEqual(shown);
});

test('a leaf of an authority that ends soon is not made anew at each look', async () => {
  await using folder = await newFolder();
  const ssl = { ca_cert_file: folder.file('ca.crt'), ca_key_file: folder.file('ca.key') };
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '20',
    '-keyout',
    ssl.ca_key_file,
    '-out',
    ssl.ca_cert_file,
    ...caSubject,
  );
  const authority = await load(folder.file('state'), { ssl });

  expect(await authority.refresh()).toBe(false);
});

test('a pair that OpenSSL refuses for a listener is FAIRLEAD_CERTIFICATE', async () => {
  await using folder = await newFolder();
  const ssl = { cert_file: folder.file('short.crt'), key_file: folder.file('short.key') };
  openssl('req', '-x509', '-newkey', 'rsa:1024', '-nodes', '-keyout', ssl.key_file, '-out', ssl.cert_file, '-subj', '/CN=short');

  await expect(load(folder.path, { ssl })).rejects.toMatchObject({
    code: 'FAIRLEAD_CERTIFICATE',
    message: expect.stringContaining('key too small'),
  });
});

test('a broken file at refresh leaves the certificates in use', async () => {
  await using folder = await newFolder();
  await using other = await newFolder();
  const foreign = await load(other.path);
  const ssl = { cert_file: other.file('tls/server.crt'), key_file: other.file('tls/server.key') };
  const authority = await load(folder.path, { ssl });
  await writeFile(ssl.cert_file, 'nonsense');

  await expect(authority.refresh()).rejects.toMatchObject({ code: 'FAIRLEAD_CERTIFICATE' });
  expect(authority.server()).toEqual(foreign.server());
});

/** Speaks one request, because under TLS 1.3 a server refuses a client certificate after the handshake. */
function greet(port: number, options: object): Promise<PeerCertificate> {
  const { promise, resolve, reject } = Promise.withResolvers<PeerCertificate>();
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ...options }, () => {
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  });
  socket.once('data', () => {
    resolve(socket.getPeerCertificate());
    socket.destroy();
  });
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('closed without an answer')));
  return promise;
}
