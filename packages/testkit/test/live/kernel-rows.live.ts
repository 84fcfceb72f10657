import { Agents } from '@fairlead/kernel/agents';
import { ManualClock } from '@fairlead/kernel/clock';
import { Limits } from '@fairlead/kernel/limits';
import { silentLog } from '@fairlead/kernel/log';
import { Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore } from '@fairlead/kernel/store';
import { describe, expect, test } from 'vitest';
import { freshDatabase, lacksPostgres } from '../../src/db/index.ts';

const rule = { threshold: 3, windowMs: 60_000, banMs: 60_000, maxBanMs: 240_000 };
const secrets = new Secrets('a-server-secret-of-32-bytes-or-more');

async function twoGateways() {
  const database = await freshDatabase();
  const clock = new ManualClock();
  const open = () => openStore({ url: database.url, stateDir: '/nonexistent', log: silentLog(), clock });
  const [one, other] = [await open(), await open()];
  await migrate(one, kernelMigrations);
  return {
    clock,
    one,
    other,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(lacksPostgres())('two gateways on one PostgreSQL', () => {
  test('a session of one is good at the other, until it is revoked or ends', async () => {
    await using cluster = await twoGateways();
    const [here, there] = [cluster.one, cluster.other].map((store) => new Sessions({ store, secrets, clock: cluster.clock }));
    const request = { face: 'ovirt', subject: 'ann', data: { n: 1 }, idleMs: 600_000, maxMs: 1_000_000 };
    const first = await here?.issue(request);
    const second = await here?.issue(request);
    cluster.clock.advance(500_000);

    expect(await there?.verify('ovirt', first?.token ?? '')).toMatchObject({ data: { n: 1 }, expiresMs: cluster.clock.now() + 500_000 });
    expect(await there?.revoke('ovirt', first?.token ?? '')).toBe(true);
    expect(await here?.verify('ovirt', first?.token ?? '')).toBeUndefined();
    cluster.clock.advance(100_000);
    expect(await here?.verify('ovirt', second?.token ?? '')).toBeUndefined();
    expect(await there?.sweep()).toBe(1);
  });

  test('failures at both are counted together, and begin one ban that doubles', async () => {
    await using cluster = await twoGateways();
    const limits = [cluster.one, cluster.other].map((store) => new Limits({ store, clock: cluster.clock }));
    const failThrice = async () => {
      const answers = await Promise.all([0, 1, 0].map((at) => limits[at]?.failed('ovirt', ['a', 'b'], rule)));
      return answers.flatMap((one) => one?.bannedForS ?? []);
    };

    expect(new Set(await failThrice())).toEqual(new Set([60]));
    await expect(limits[1]?.check('ovirt', ['a'])).rejects.toMatchObject({ code: 'FAIRLEAD_BANNED', retryAfterS: 60 });
    cluster.clock.advance(60_000);
    expect(new Set(await failThrice())).toEqual(new Set([120]));
    await limits[0]?.succeeded('ovirt', ['a', 'b']);
    await limits[1]?.check('ovirt', ['a', 'b']);
    expect(await limits[0]?.sweep()).toBe(0);
  });

  test('an agent put at one is listed at the other', async () => {
    await using cluster = await twoGateways();
    const agent = { id: 'a', name: 'kvm1', addresses: ['192.0.2.1'], dataUrl: 'https://a', controlUrl: 'https://b', fingerprint: 'AB' };
    const [here, there] = [cluster.one, cluster.other].map((store) => new Agents({ store, clock: cluster.clock }));
    await here?.put(agent);
    await there?.put({ ...agent, name: 'kvm2' });

    expect(await here?.list()).toEqual([{ ...agent, name: 'kvm2', createdMs: cluster.clock.now(), seenMs: cluster.clock.now() }]);
  });
});
