import { newUuid } from '@fairlead/kernel/ids';
import type * as Secrets from '@fairlead/kernel/secrets';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { PasswordGate } from '../src/service/security/password-gate.ts';
import type { CyberappTables } from '../src/store/tables.ts';
import { type HandlerRig, PASSWORD, startHandler } from './support/handler-rig.ts';

const MINUTE = 60_000;

/** Verifications that were done: the cost of each hash, and how many ran at once. */
const work = vi.hoisted(() => ({ costs: [] as string[], running: 0, most: 0, hold: undefined as Promise<void> | undefined }));

vi.mock('@fairlead/kernel/secrets', async (original) => {
  const real = await original<typeof Secrets>();
  const verifyPassword: typeof real.verifyPassword = async (password, hash, limits) => {
    work.costs.push(hash.split('$').slice(1, 4).join(' '));
    work.running += 1;
    work.most = Math.max(work.most, work.running);
    try {
      await work.hold;
      return await real.verifyPassword(password, hash, limits);
    } finally {
      work.running -= 1;
    }
  };
  return { ...real, verifyPassword };
});

beforeEach(() => {
  Object.assign(work, { costs: [], running: 0, most: 0, hold: undefined });
});

const login = (rig: HandlerRig, identity: string, wish: { password?: string; tenantId?: string } = {}) =>
  rig.call('enablement.read', undefined, { identity, password: 'wrong', ...wish });

describe('the work of a refusal', () => {
  test('cyberapp 9.49: is one verification of the same cost, whatever is wrong', async () => {
    await using rig = await startHandler();
    await setUser(rig, 'p1b', { state: 'suspended' });
    const seen: string[][] = [];
    for (const identity of ['nobody', 'c1', 'p1b', 'p1']) {
      work.costs.length = 0;
      expect((await login(rig, identity)).status).toBe(401);
      seen.push([...work.costs]);
    }
    expect(seen[0]).toEqual(['argon2id v=19 m=8192,t=1,p=1']);
    expect(seen).toEqual(Array.from({ length: 4 }, () => seen[0]));
  });

  test('cyberapp 9.56: of calls in a row only the first costs a verification, and none after a wrong password', async () => {
    await using rig = await startHandler();
    for (let at = 0; at < 3; at += 1) expect((await login(rig, 'p1', { password: PASSWORD })).status).toBe(200);
    expect(work.costs).toHaveLength(1);
    await login(rig, 'p1');
    await login(rig, 'p1', { password: PASSWORD });
    expect(work.costs).toHaveLength(2);
    rig.clock.advance(31_000);
    await login(rig, 'p1', { password: PASSWORD });
    expect(work.costs).toHaveLength(3);
  });

  test('cyberapp 9.55: an absurd hash costs no more than a wrong password', async () => {
    await using rig = await startHandler();
    await setUser(rig, 'p2', {
      password_hash: '$argon2id$v=19$m=9999999,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    });
    expect((await login(rig, 'p2')).status).toBe(401);
    expect(work.costs).toEqual(['argon2id v=19 m=8192,t=1,p=1']);
  });
});

const unbooked = { again: async () => undefined, count: async () => undefined };

describe('guesses', () => {
  test('cyberapp 9.54: never more than so many are verified at once, so many wait, and the rest is told to come again', async () => {
    const gate = new PasswordGate({ memory: 8192, passes: 1, parallelism: 1 }, 4);
    const { promise, resolve } = Promise.withResolvers<void>();
    work.hold = promise;
    const all = Array.from({ length: 64 }, () => gate.verify('x', null, unbooked));
    const settled = Promise.allSettled(all);
    await vi.waitFor(() => expect(work.running).toBe(4));
    resolve();
    const outcomes = await settled;
    const refused = outcomes.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(64 - 4 - 32);
    expect(refused.every(({ reason }) => reason.code === 'CYBERAPP_BUSY' && reason.retryAfterS === 2)).toBe(true);
    expect([work.most, work.costs.length]).toEqual([4, 36]);
    expect(await gate.verify('x', null, unbooked)).toEqual({ isRight: false });
  });

  test('cyberapp 9.50: many at once are no more than one after the other', async () => {
    await using rig = await startHandler({ keys: 'argon2_concurrency = 2' });
    const { promise, resolve } = Promise.withResolvers<void>();
    work.hold = promise;
    const looked = vi.spyOn(rig.limits, 'check');
    const all = Array.from({ length: 30 }, () => login(rig, 'p1', { tenantId: newUuid() }));
    await vi.waitFor(() => expect([work.running, looked.mock.calls.length]).toEqual([2, 30]), { timeout: 10_000 });
    resolve();
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    // Ten lock it; one more was begun before the tenth was counted.
    expect(work.costs.length).toBeLessThanOrEqual(11);
    expect(statuses.filter((status) => status === 401).length).toBe(work.costs.length);
    expect(statuses.filter((status) => status === 429).length).toBe(30 - work.costs.length);
  });

  test('cyberapp 9.50: the second lock is twice as long', async () => {
    await using rig = await startHandler();
    const turn = (ms: number) => {
      for (const one of [rig, rig.fake]) one.clock.advance(ms);
    };
    const right = async () => (await login(rig, 'p1', { password: PASSWORD, tenantId: newUuid() })).status;
    const lock = async () => {
      for (let at = 0; at < 10; at += 1) expect((await login(rig, 'p1', { tenantId: newUuid() })).status).toBe(401);
    };
    await lock();
    expect(await right()).toBe(429);
    turn(15 * MINUTE);
    await lock();
    turn(29 * MINUTE);
    expect(await right()).toBe(429);
    turn(MINUTE);
    expect(await right()).toBe(200);
  });
});

async function setUser(rig: HandlerRig, key: string, change: Partial<CyberappTables['cyberapp_users']>): Promise<void> {
  await rig.store.tables<CyberappTables>().updateTable('cyberapp_users').set(change).where('login_key', '=', key).execute();
}
