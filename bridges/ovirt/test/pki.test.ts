import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { startHarness } from './harness.ts';

const PKI = '/ovirt-engine/services/pki-resource';

test.each([
  ['', 'application/x-x509-ca-cert'],
  ['?resource=ca-certificate&format=X509-PEM-CA', 'application/x-x509-ca-cert'],
  ['?resource=ca-certificate&format=X509-PEM', 'application/x-x509-cert'],
  ['?resource=qemu-ca-certificate', 'application/x-x509-ca-cert'],
])('the CA is given to everybody: %s', async (query, type) => {
  await using harness = await startHarness();

  const reply = await harness.call(`${PKI}${query}`, { user: null, accept: null });

  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, type]);
  expect(new X509Certificate(reply.text).fingerprint256).toBe(harness.context.authority.fingerprint);
});

test.each(['/ca.crt', '/ovirt-engine/ca.crt'])('%s is the CA too', async (path) => {
  await using harness = await startHarness();

  const reply = await harness.call(path, { user: null });

  expect(new X509Certificate(reply.text).ca).toBe(true);
});

test('the certificate of the engine is signed by that CA, and its key has an OpenSSH form', async () => {
  await using harness = await startHarness();

  const engine = await harness.call(`${PKI}?resource=engine-certificate`, { user: null });
  const ssh = await harness.call(`${PKI}?resource=engine-certificate&format=OPENSSH-PUBKEY`, { user: null });

  const ca = new X509Certificate(harness.context.authority.caPem);
  expect(new X509Certificate(engine.text).verify(ca.publicKey)).toBe(true);
  expect(ssh.headers.get('content-type')).toBe('text/plain');
  expect(ssh.text).toMatch(/^ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABB/);
});

test('other resources are 400, other methods 405, HEAD is served', async () => {
  await using harness = await startHarness();

  expect((await harness.call(`${PKI}?resource=ca-key`, { user: null })).status).toBe(400);
  expect((await harness.call(PKI, { user: null, method: 'POST' })).status).toBe(405);
  const head = await harness.call(PKI, { user: null, method: 'HEAD' });
  expect([head.status, head.text]).toEqual([200, '']);
});

test.each(['/ovirt-engine/services/health', '/ovirt-engine/sso/status'])('%s says that the gateway is there', async (path) => {
  await using harness = await startHarness();

  const reply = await harness.call(path, { user: null });

  expect([reply.status, reply.text]).toEqual([200, 'OK']);
});
