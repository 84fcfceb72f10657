import type { BadToken } from '@fairlead/acronis/fake';
import { hashPassword } from '@fairlead/kernel/secrets';
import { describe, expect, test } from 'vitest';
import { Organizations } from '../src/service/organizations.ts';
import type { CyberappTables } from '../src/store/tables.ts';
import { APP, type HandlerRig, PASSWORD, startHandler, type Wish } from './support/handler-rig.ts';

const MINUTE = 60_000;
const read = (rig: HandlerRig, wish: Wish = {}) => rig.call('enablement.read', undefined, wish);
const header = (text: string) => ({ 'x-cyberapp-auth': Buffer.from(text).toString('base64') });

describe('request tokens', () => {
  test('cyberapp 9.28, 9.29, 9.30, 9.31, 9.35, 9.41: only a good token of Acronis lets in', async () => {
    await using rig = await startHandler();
    expect((await read(rig)).status).toBe(200);
    expect((await read(rig, { token: undefined })).status).toBe(401);
    for (const authorization of ['Basic eDp5', 'Bearer ', 'Bearer x.y', `Bearer ${'a'.repeat(9000)}`])
      expect((await read(rig, { token: undefined, headers: { authorization } })).status).toBe(401);
    const bad: readonly BadToken[] = [
      'expired',
      'corrupted',
      'unknown-key',
      'unpublished-key',
      'other-issuer',
      'no-kid',
      'no-exp',
      'hs256',
      'none',
    ];
    const bodies = new Set<unknown>();
    for (const one of bad.slice(0, 8)) {
      const answer = await read(rig, { token: await rig.fake.signer.token(rig.endpoint, { bad: one }) });
      expect([one, answer.status]).toEqual([one, 401]);
      bodies.add(answer.json.message);
    }
    expect(bodies.size).toBe(1);
  });

  test('cyberapp 9.33, 9.38: keys that rotate are fetched, and known ones serve while the key service is away', async () => {
    await using rig = await startHandler();
    expect((await read(rig)).status).toBe(200);
    rig.fake.keys.rotate();
    expect((await read(rig)).status).toBe(200);
    rig.fake.faults.always('keys', { kind: 'status', status: 500 });
    expect((await read(rig)).status).toBe(200);
  });

  test('cyberapp 9.38: without any key nobody is blamed', async () => {
    await using rig = await startHandler();
    // Those of the start are thrown away with time.
    rig.fake.faults.always('keys', { kind: 'status', status: 500 });
    rig.clock.advance(4 * 24 * 60 * MINUTE);
    rig.fake.clock.advance(4 * 24 * 60 * MINUTE);
    expect(await read(rig)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });

  test('cyberapp 9.36, 9.37: the token must be for the endpoint of the body, and that one ours', async () => {
    await using rig = await startHandler();
    const other = 'cti.a.p.acgw.endpoint.v1.0~other.app.endpoint.v1.0';
    const { signer } = rig.fake;
    expect((await read(rig, { token: await signer.token(other) })).status).toBe(401);
    expect((await read(rig, { token: await signer.token(other), context: { endpoint_id: other } })).status).toBe(401);
    const both = await signer.token(other, { claims: { scope: [{ role: other }, { role: rig.endpoint }] } });
    expect((await read(rig, { token: both })).status).toBe(200);
    for (const scope of [undefined, 'x', []])
      expect((await read(rig, { token: await signer.token(rig.endpoint, { claims: { scope } }) })).status).toBe(401);
  });

  test('cyberapp 9.39, 9.40: weaker modes take what is unsigned, on loopback or when that was meant', async () => {
    await using soft = await startHandler({ keys: 'request_token = if_present' });
    expect((await read(soft, { token: undefined })).status).toBe(200);
    expect((await read(soft, { token: await soft.fake.signer.token(soft.endpoint, { bad: 'corrupted' }) })).status).toBe(401);
    await using off = await startHandler({ keys: 'request_token = off' });
    expect((await read(off, { headers: { authorization: 'Bearer x.y.z' } })).status).toBe(200);
    const { facts } = await off.running.health(AbortSignal.timeout(5000));
    expect(facts.warning).toContain('request_token = off');
    await expect(startHandler({ keys: 'request_token = off', listen: '[::]:0' })).rejects.toMatchObject({ code: 'FAIRLEAD_CONFIG' });
    await using meant = await startHandler({ keys: 'request_token = off\ni_know = callbacks-are-unsigned', listen: '[::]:0' });
    expect(meant.url).not.toBe('');
  });
});

describe('credentials', () => {
  test('cyberapp 9.42: whatever is wrong with them, the answer is one', async () => {
    await using rig = await startHandler();
    const wrong: readonly Wish[] = [
      { headers: { 'x-cyberapp-auth': undefined } },
      { headers: { 'x-cyberapp-auth': '%%%' } },
      ...['no colon', 'p1:pw', 'p1:[]', 'p1:"x"', 'p1:{}', 'p1:{"password":5}', 'p1:{"password":""}'].map((text) => ({
        headers: header(text),
      })),
      { identity: 'nobody' },
      { identity: 'c1' },
    ];
    const answers = await Promise.all(wrong.map((wish) => read(rig, wish)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(new Set(answers.map(({ json }) => json.message)).size).toBe(1);
  });

  test('cyberapp 9.43, 9.45, 9.46, 9.47: forms of the header that mean the same', async () => {
    await using rig = await startHandler();
    const secrets = JSON.stringify({ password: PASSWORD });
    expect((await read(rig, { identity: 'P1' })).status).toBe(200);
    const plain = Buffer.from(`p1:${secrets}`).toString('base64url');
    expect((await read(rig, { headers: { 'x-cyberapp-auth': plain } })).status).toBe(200);
    expect((await read(rig, { headers: { 'x-cyberapp-auth': `${plain.slice(0, 9)} ${plain.slice(9)}` } })).status).toBe(401);
    const more = (count: number) =>
      JSON.stringify({ ...Object.fromEntries(Array.from({ length: count }, (_, at) => [`s${at}`, 'x'])), password: PASSWORD });
    expect((await read(rig, { headers: header(`p1:${more(16)}`) })).status).toBe(200);
    expect((await read(rig, { headers: header(`p1:${more(17)}`) })).status).toBe(401);
    await setUser(rig, 'p1b', { login: 'a:b', login_key: 'a:b' });
    expect((await read(rig, { headers: header(`a:b:${secrets}`) })).status).toBe(200);
  });

  test('cyberapp 9.44: a password may hold anything', async () => {
    await using rig = await startHandler();
    for (const password of ['a:b', '"', '\\', '🔑', 'x'.repeat(1024), ':{']) {
      await setUser(rig, 'p1', { password_hash: await hashPassword(password, { memory: 8192, passes: 1, parallelism: 1 }) });
      expect([password.slice(0, 9), (await read(rig, { password })).status]).toEqual([password.slice(0, 9), 200]);
    }
    expect((await read(rig, { password: 'x'.repeat(1025) })).status).toBe(401);
  });

  test('cyberapp 9.48: who is suspended does not get in, and an organization that is says so', async () => {
    await using rig = await startHandler();
    await setUser(rig, 'p1', { state: 'suspended' });
    expect((await read(rig)).status).toBe(401);
    await new Organizations(rig.store).suspend(rig.tree.p2.id);
    expect((await read(rig, { identity: 'p2' })).status).toBe(403);
  });

  test('cyberapp 9.50: guesses of one tenant lock out that tenant, guesses of many the identity, each time for longer', async () => {
    await using rig = await startHandler();
    const tenants = Array.from({ length: 4 }, (_, at) => `0000000${at}-1f0d-4a57-9f6b-2d9f1f6f9b10`);
    const guess = (tenantId: string | undefined, password = 'wrong') => read(rig, { tenantId: tenantId ?? '', password });
    for (let at = 0; at < 5; at += 1) expect((await guess(tenants[0])).status).toBe(401);
    const locked = await guess(tenants[0], PASSWORD);
    expect(locked.status).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
    for (let at = 0; at < 4; at += 1) expect((await guess(tenants[1])).status).toBe(401);
    rig.clock.advance(1000);
    expect((await guess(tenants[2])).status).toBe(401);
    rig.clock.advance(1000);
    expect((await guess(tenants[3], PASSWORD)).status).toBe(429);
    rig.clock.advance(15 * MINUTE);
    rig.fake.clock.advance(15 * MINUTE);
    expect((await guess(tenants[3], PASSWORD)).status).toBe(200);
  });

  test('cyberapp 9.51, 9.52: names that nobody has lock the same, and others from the same address go on', async () => {
    await using rig = await startHandler();
    const statuses: number[] = [];
    for (let at = 0; at < 6; at += 1) statuses.push((await read(rig, { identity: 'nobody', password: 'x' })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    for (let at = 0; at < 25; at += 1) await read(rig, { identity: `nobody${at}`, password: 'x' });
    expect((await read(rig)).status).toBe(200);
  });

  test('cyberapp 9.53: an address that shows no token is not listened to any more, with one it is', async () => {
    await using rig = await startHandler();
    for (let at = 0; at < 20; at += 1) expect((await read(rig, { token: undefined })).status).toBe(401);
    expect(await read(rig, { token: undefined })).toMatchObject({ status: 403, headers: { connection: 'close' } });
    expect((await read(rig)).status).toBe(200);
    rig.clock.advance(61 * MINUTE);
    expect((await read(rig, { token: undefined })).status).toBe(401);
  });

  test('cyberapp 9.54: many wrong passwords at once are each refused, and a right one is taken after them', async () => {
    await using rig = await startHandler({ keys: 'argon2_concurrency = 1' });
    const answers = await Promise.all(Array.from({ length: 32 }, (_, at) => read(rig, { password: 'wrong', identity: `n${at}` })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await read(rig)).status).toBe(200);
  });

  test('cyberapp 9.55: a weak hash is made anew by its owner, an absurd one is never computed', async () => {
    await using rig = await startHandler();
    const weak = await hashPassword(PASSWORD, { memory: 64, passes: 1, parallelism: 1 });
    await setUser(rig, 'p1', { password_hash: weak });
    expect((await read(rig)).status).toBe(200);
    const [better] = await hashes(rig, 'p1');
    expect(better).toContain('$m=8192,');
    expect((await read(rig)).status).toBe(200);
    await setUser(rig, 'p2', { password_hash: weak.replace('m=64,t=1', 'm=9999999,t=99') });
    expect((await read(rig, { identity: 'p2' })).status).toBe(401);
    expect(rig.captured.text()).toContain('cannot be computed');
  });

  test('cyberapp 9.56: a password that was right is remembered, until it is changed', async () => {
    await using rig = await startHandler();
    expect((await read(rig)).status).toBe(200);
    const other = await hashPassword('another', { memory: 8192, passes: 1, parallelism: 1 });
    await setUser(rig, 'p1', { password_hash: other });
    // Only the version of the credentials says that they were changed.
    expect((await read(rig)).status).toBe(200);
    await setUser(rig, 'p1', { credential_version: 2 });
    expect((await read(rig)).status).toBe(401);
    expect((await read(rig, { password: 'another' })).status).toBe(200);
  });

  test('cyberapp 9.57: what an app version adds is read, or refused', async () => {
    await using rig = await startHandler();
    const status = async (extra: string | undefined) => (await read(rig, { headers: { 'x-cyberapp-extra': extra } })).status;
    expect(await status('e30=')).toBe(200);
    expect(await status(undefined)).toBe(200);
    for (const bad of ['%%%', Buffer.from('[]').toString('base64'), Buffer.from('{').toString('base64')])
      expect(await status(bad)).toBe(400);
  });

  test('cyberapp 9.111: another app’s callbacks are not known here', async () => {
    await using rig = await startHandler();
    const callback_id = 'cti.a.p.acgw.callback.v1.0~vendor.app.users_read.v1.0';
    expect((await read(rig, { context: { callback_id } })).status).toBe(400);
    expect((await rig.call('users_read', {})).status).toBe(200);
    expect(APP).not.toBe('vendor.app');
  });

  test('no password, token or header is in log, audit or metrics', async () => {
    await using rig = await startHandler();
    const token = await rig.fake.signer.token(rig.endpoint);
    await read(rig, { token });
    await read(rig, { token, password: 'a-wrong-password-to-look-for' });
    await rig.call('nothing', {}, { token, body: 'a-wrong-password-to-look-for' });
    const audit = JSON.stringify(await rig.audit.find({ limit: 100 }));
    const all = `${rig.captured.text()}${audit}${await rig.metrics.page()}`;
    const header = Buffer.from(`p1:${JSON.stringify({ password: PASSWORD })}`).toString('base64');
    for (const secret of [token.slice(-40), 'correct', 'a-wrong-password', header.slice(0, 30)]) expect(all.includes(secret)).toBe(false);
    expect(audit).toContain('callback.enablement.read');
  });
});

type UserChange = Partial<CyberappTables['cyberapp_users']>;

async function setUser(rig: HandlerRig, loginKey: string, change: UserChange): Promise<void> {
  await rig.store.tables<CyberappTables>().updateTable('cyberapp_users').set(change).where('login_key', '=', loginKey).execute();
}

async function hashes(rig: HandlerRig, loginKey: string): Promise<(string | null)[]> {
  const rows = await rig.store
    .tables<CyberappTables>()
    .selectFrom('cyberapp_users')
    .select('password_hash')
    .where('login_key', '=', loginKey)
    .execute();
  return rows.map((row) => row.password_hash);
}
