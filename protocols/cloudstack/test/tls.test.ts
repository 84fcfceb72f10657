import { testAuthority } from '@fairlead/testkit/certs';
import { expect, test } from 'vitest';
import { login } from '../src/index.ts';
import { failure, openCloud } from './support.ts';

test('a server whose authority we trust is spoken to, in calls and sessions', async () => {
  await using authority = await testAuthority();
  await using cloud = await openCloud({ tls: { key: authority.key, cert: authority.cert } });
  expect(cloud.fake.url).toMatch(/^https:/);
  expect(await cloud.client({ ca: authority.ca }).call('listZones')).toMatchObject({ count: 1 });
  const { password } = cloud.fake.admin;
  const session = await login({ endpoint: cloud.fake.url, ca: authority.ca, username: 'admin', password });
  await session.logout();
});

test('a server with a certificate of somebody else is not told anything', async () => {
  await using authority = await testAuthority();
  await using other = await testAuthority();
  await using cloud = await openCloud({ tls: { key: authority.key, cert: authority.cert } });
  const { password } = cloud.fake.admin;
  await failure(cloud.client().call('startVirtualMachine'), 'CLOUDSTACK_UNREACHABLE');
  await failure(cloud.client({ ca: other.ca }).call('startVirtualMachine'), 'CLOUDSTACK_UNREACHABLE');
  await failure(login({ endpoint: cloud.fake.url, ca: other.ca, username: 'admin', password }), 'CLOUDSTACK_UNREACHABLE');
  expect(cloud.fake.calls).toEqual([]);
});

test('verification can be switched off', async () => {
  await using authority = await testAuthority();
  await using cloud = await openCloud({ tls: { key: authority.key, cert: authority.cert } });
  expect(await cloud.client({ verify: false }).call('listZones')).toMatchObject({ count: 1 });
});
