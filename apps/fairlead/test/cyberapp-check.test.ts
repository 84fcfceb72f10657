import { expect, test } from 'vitest';
import { cyberappGateway } from './support/cyberapp.ts';

test('cyberapp 9.179: what Acronis would see, the keys, the clock and the API client', async () => {
  await using gateway = await cyberappGateway();
  const { url, caFile, fake } = gateway;
  const good = await gateway.care('check', '--url', url, '--ca', caFile, '--fake', fake.url());
  expect(good).toMatchObject({ code: 0 });
  for (const line of [
    /^warning {2}certificate: .*not publicly trusted: .*--ca vouches/m,
    /^ok {7}certificate: \d+ days left$/m,
    /^ok {7}tls: TLS 1\.3$/m,
    /^ok {7}tls: nothing older than TLS 1\.2$/m,
    /^ok {7}request token: a request without one is refused$/m,
    /^ok {7}request token: a corrupted one is refused$/m,
    /^ok {7}password: a wrong one is refused$/m,
    /^ok {7}keys of https:\/\/acronis\.cloud: 1 at http/m,
    /^ok {7}clock of https:\/\/acronis\.cloud: differs by 0 s$/m,
    /^ok {7}data center eu8: .* lets the API client in$/m,
  ])
    expect(good.stdout).toMatch(line);
  expect(good.stdout).not.toContain('secret-of-the-tests');
  const rows = (await gateway.care('check', '--url', url, '--ca', caFile, '--json')).stdout.trim().split('\n');
  expect(rows.map((row) => (JSON.parse(row) as { state: string }).state)).not.toContain('failed');
});

test('cyberapp 9.179: a certificate that nobody knows is a failure, for Acronis would not call', async () => {
  await using gateway = await cyberappGateway();
  const found = await gateway.care('check', '--url', gateway.url);
  expect(found.code).toBe(1);
  expect(found.stdout).toMatch(/^FAILED {3}certificate: .*not publicly trusted: (UNABLE|SELF)/m);
  expect(found.stdout).toContain('cert_file');
});

test('cyberapp 9.179: a handler that takes what is unsigned, keys that cannot be had, and a wrong API client', async () => {
  await using gateway = await cyberappGateway({ keys: 'request_token = off', clientSecret: 'another' });
  gateway.fake.faults.always('keys', { kind: 'status', status: 500 });
  const found = await gateway.care('check', '--url', gateway.url, '--ca', gateway.caFile);
  expect(found.stdout).toMatch(/^FAILED {3}keys of https:\/\/acronis\.cloud: .* answers 500/m);
  expect(found.stdout).toMatch(/^FAILED {3}data center eu8: ACRONIS_TOKEN_REFUSED/m);
  expect(found.stdout).toMatch(/^FAILED {3}request token: a request without one is answered with 400$/m);
  expect(found.code).toBe(77);
  expect(found.stdout).not.toContain('another');
});

test('cyberapp 9.179: nobody there, and an address that is none', async () => {
  await using gateway = await cyberappGateway();
  const found = await gateway.care('check', '--url', 'https://127.0.0.1:1/callback');
  expect(found).toMatchObject({ code: 69, stdout: expect.stringContaining('127.0.0.1:1 does not answer: ECONNREFUSED') });
  expect(await gateway.care('check', '--url', 'nonsense')).toMatchObject({ code: 64 });
  expect((await gateway.care('check', '--url', 'http://127.0.0.1:1/callback')).stdout).toContain('is not https');
});
