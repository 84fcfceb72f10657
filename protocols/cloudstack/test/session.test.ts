import { describe, expect, test } from 'vitest';
import { login } from '../src/index.ts';
import { type Cloud, failure, openCloud } from './support.ts';

function signIn(cloud: Cloud, username: string, more: { password?: string; domain?: string } = {}) {
  const { password, domain } = cloud.fake.user(username);
  return login({ endpoint: cloud.fake.url, clock: cloud.clock, username, password, domain, ...more });
}

describe('sessions', () => {
  test('a login says who it is', async () => {
    await using cloud = await openCloud();
    const session = await signIn(cloud, 'alice');
    const row = cloud.fake.userRow('alice');
    expect(session.user).toEqual({
      userId: row.id,
      username: 'alice',
      account: 'alice',
      domainId: row.account.domain.id,
      type: 0,
      is2faEnabled: false,
      is2faVerified: true,
      timeoutS: 1800,
    });
    await session.logout();
  });

  test.each([
    ['admin', 1],
    ['dadmin', 2],
    ['bob', 0],
  ])('%s is of type %i', async (username, type) => {
    await using cloud = await openCloud();
    const session = await signIn(cloud, username);
    expect(session.user.type).toBe(type);
    session.close();
  });

  test.each(['tenants', '/tenants', '/tenants/', 'ROOT/tenants', 'root/tenants'])('the domain may be written %s', async (domain) => {
    await using cloud = await openCloud();
    const session = await signIn(cloud, 'alice', { domain });
    expect(session.user.account).toBe('alice');
    session.close();
  });

  test.each(['', '/', 'ROOT', 'ROOT/'])('the root domain may be written "%s"', async (domain) => {
    await using cloud = await openCloud();
    const session = await signIn(cloud, 'admin', { domain });
    session.close();
    await failure(signIn(cloud, 'alice', { domain }), 'CLOUDSTACK_LOGIN_FAILED');
  });

  test.each([
    ['a wrong password', { password: 'wrong-password' }],
    ['no password', { password: '' }],
    ['an unknown domain', { domain: 'nosuch' }],
    ['a foreign domain', { domain: '/' }],
  ])('%s is refused, and neither password nor the server words are in the message', async (_what, more) => {
    await using cloud = await openCloud();
    const error = await failure(signIn(cloud, 'alice', more), 'CLOUDSTACK_LOGIN_FAILED');
    expect(error.message).toBe('CloudStack refused login: 531');
    expect(error.message).not.toContain(cloud.fake.user('alice').password);
    expect(cloud.fake.sessionCount).toBe(0);
  });

  test('a disabled user is refused', async () => {
    await using cloud = await openCloud();
    cloud.fake.userRow('alice').enabled = false;
    await failure(signIn(cloud, 'alice'), 'CLOUDSTACK_LOGIN_FAILED');
  });

  test('keys of a session sign calls', async () => {
    await using cloud = await openCloud();
    const session = await signIn(cloud, 'alice');
    const keys = await session.getUserKeys(session.user.userId);
    expect(keys).toEqual({ apiKey: cloud.fake.user('alice').apiKey, secretKey: cloud.fake.user('alice').secretKey });
    await cloud.client({ ...keys }).call('listZones');
    await session.logout();
    expect(cloud.fake.sessionCount).toBe(0);
  });

  test.each([
    '{"getuserkeysresponse":{"userkeys":{}}}',
    '{"getuserkeysresponse":{"userkeys":{"apikey":"a","secretkey":"b","apikeyaccess":false}}}',
  ])('no usable keys are none: %s', async (body) => {
    await using cloud = await openCloud();
    const session = await signIn(cloud, 'alice');
    cloud.fake.faults.next('getUserKeys', { kind: 'body', body });
    expect(await session.getUserKeys(session.user.userId)).toBeUndefined();
    session.close();
  });

  test("another user's keys are refused", async () => {
    await using cloud = await openCloud();
    const session = await signIn(cloud, 'alice');
    expect((await failure(session.getUserKeys(cloud.fake.userRow('bob').id), 'CLOUDSTACK_REFUSED')).errorCode).toBe(531);
    session.close();
  });

  test('an expired session is unauthorized', async () => {
    await using cloud = await openCloud();
    const session = await signIn(cloud, 'alice');
    await session.call('listZones');
    cloud.fake.clock.advance(1_801_000);
    await failure(session.call('listZones'), 'CLOUDSTACK_UNAUTHORIZED');
    await session.logout();
  });

  test('an unknown command is 432 in a session', async () => {
    await using cloud = await openCloud();
    const session = await signIn(cloud, 'alice');
    expect((await failure(session.call('listHosts'), 'CLOUDSTACK_NOT_OFFERED')).errorCode).toBe(432);
    session.close();
  });

  test('an HTML page instead of a login is a bad answer', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('login', { kind: 'html', status: 200 });
    await failure(signIn(cloud, 'alice'), 'CLOUDSTACK_BAD_ANSWER');
  });

  test('a null body is a refused login', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('login', { kind: 'body', status: 531, body: 'null' });
    await failure(signIn(cloud, 'alice'), 'CLOUDSTACK_LOGIN_FAILED');
  });
});
