import { Audit } from '@fairlead/kernel/audit';
import { ManualClock } from '@fairlead/kernel/clock';
import { Limits } from '@fairlead/kernel/limits';
import { silentLog } from '@fairlead/kernel/log';
import * as kernelSecrets from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore } from '@fairlead/kernel/store';
import { expect, test, vi } from 'vitest';
import type { AccessFile } from './access-file.ts';
import { BoundedMap } from './bounded-map.ts';
import { Guard } from './guard.ts';
import { createGatekeeper } from './make-gatekeeper.ts';
import { Tokens } from './tokens.ts';

vi.mock('@fairlead/kernel/secrets', async (original) => {
  const real = await original<typeof kernelSecrets>();
  return { ...real, equalSecret: vi.fn(real.equalSecret) };
});

const HERE = { address: '127.0.0.1', local: true };
const THERE = { address: '203.0.113.7', local: false };
const ENTRY = { network: '203.0.113.7', secret: 'the-secret-of-the-entry' };

async function openParts() {
  const clock = new ManualClock();
  const log = silentLog();
  const store = await openStore({ url: ':memory:', stateDir: '/', log, clock });
  await migrate(store, kernelMigrations);
  const secrets = new kernelSecrets.Secrets('a server secret of the tests, long enough');
  const sessions = new Sessions({ store, secrets, clock });
  const guard = new Guard({
    limits: new Limits({ store, clock }),
    audit: new Audit({ store, log }),
    clock,
    log,
    failures: 2,
    banMs: 60_000,
  });
  const tokens = new Tokens({ sessions, secrets, clock, settings: { lifetimeMs: 300_000, sliding: false } });
  const access = { lists: () => true, find: async () => ({ network: ENTRY.network, entry: ENTRY }) } as unknown as AccessFile;
  const backend = { use: async () => undefined as never, verify: async () => false };
  const audit = new Audit({ store, log });
  const settings = { pingPublic: false, requireSecret: true };
  const gatekeeper = createGatekeeper({ settings, access, tokens, guard, backend, secrets, context: { audit, clock, log } });
  return { clock, store, tokens, guard, gatekeeper };
}

test('a failed login waits for half a second to three, and nobody waits with it', async () => {
  const { clock, store, gatekeeper } = await openParts();
  await using _ = store;
  let isAnswered = false;
  const failed = gatekeeper.loginFailed(HERE, 'ann').then(() => {
    isAnswered = true;
  });
  await gatekeeper.authorize(HERE, { verb: 'WHOAMI' });
  await vi.waitFor(() => {
    clock.advance(1);
    expect(isAnswered).toBe(false);
  });
  await vi.waitFor(() => {
    clock.advance(3000);
    expect(isAnswered).toBe(true);
  });
  await failed;
});

test('cce 17.117: secrets are compared in constant time', async () => {
  const { store, gatekeeper } = await openParts();
  await using _ = store;
  const { equalSecret } = kernelSecrets;
  await expect(gatekeeper.authorize({ ...THERE, clientSecret: 'wrong' }, { verb: 'LOGIN' })).rejects.toMatchObject({
    code: 'CCE_SECRET_INVALID',
  });
  await gatekeeper.authorize({ ...THERE, clientSecret: ENTRY.secret }, { verb: 'LOGIN' });

  expect(equalSecret).toHaveBeenCalledWith('wrong', ENTRY.secret);
  expect(equalSecret).toHaveBeenCalledWith(ENTRY.secret, ENTRY.secret);
});

test('an entry has at most 64 tokens: the oldest ends', async () => {
  const { clock, store, tokens } = await openParts();
  await using _ = store;
  const bearer = { address: THERE.address, entry: ENTRY };
  const issued: string[] = [];
  for (let index = 0; index < 66; index++) {
    clock.advance(1);
    issued.push((await tokens.issue(bearer)).token);
  }
  const states = await Promise.all(issued.map(async (token) => (await tokens.verify(token, bearer)).kind));

  expect(await tokens.count()).toBe(64);
  expect(states.slice(0, 3)).toEqual(['late', 'late', 'good']);
  expect(states.at(-1)).toBe('good');
});

test('so many logins of one name are under way at once, and one of which nothing was heard counts for a minute', async () => {
  const { clock, store, guard } = await openParts();
  await using _ = store;
  for (let index = 0; index < 8; index++) await guard.beginLogin(HERE, 'ann');

  await expect(guard.beginLogin(HERE, 'ann')).rejects.toMatchObject({ code: 'CCE_BANNED', retryAfterS: 1 });
  await guard.beginLogin(HERE, 'bob');
  await guard.loggedIn(HERE, 'ann');
  await guard.beginLogin(HERE, 'ann');
  await expect(guard.beginLogin(HERE, 'ann')).rejects.toMatchObject({ code: 'CCE_BANNED' });
  clock.advance(60_000);
  await guard.beginLogin(HERE, 'ann');
});

test('a session that is shown again and again counts once', async () => {
  const { clock, store, gatekeeper, guard } = await openParts();
  await using _ = store;
  const shown = (sessionId: string) => {
    const failed = gatekeeper.loginFailed(HERE, 'ann', sessionId);
    return vi.waitFor(async () => {
      clock.advance(3000);
      await Promise.race([failed, Promise.reject(new Error('not yet'))]);
    });
  };
  for (let index = 0; index < 3; index++) await shown('stale');
  await guard.beginLogin(HERE, 'ann');
  await shown('guessed');

  await expect(guard.beginLogin(HERE, 'ann')).rejects.toMatchObject({ code: 'CCE_BANNED' });
});

test('a bounded map forgets what was set longest ago', () => {
  const map = new BoundedMap<string, number>(2);
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    map.set(key, value);

  expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([3, undefined, 4, 2]);
});
