import { expect, test } from 'vitest';
import { ManualClock } from '../clock/index.ts';
import { silentLog } from '../log/index.ts';
import { Secrets } from '../secrets/index.ts';
import { kernelMigrations, migrate, openStore } from '../store/index.ts';
import { Sessions } from './index.ts';

const minute = 60_000;
const first = 'first-server-secret-of-32-bytes-or-more';
const second = 'second-server-secret-of-32-bytes-or-more';
const request = { face: 'ovirt', subject: 'ann@internal', data: { key: 'hush-4711' }, idleMs: 60 * minute, maxMs: 1440 * minute };

async function openSessions() {
  const clock = new ManualClock();
  const store = await openStore({ url: ':memory:', stateDir: '/', log: silentLog(), clock });
  await migrate(store, kernelMigrations);
  const rows = () => store.tables<{ kernel_sessions: Record<string, unknown> }>().selectFrom('kernel_sessions').selectAll().execute();
  return { clock, store, rows, sessions: new Sessions({ store, secrets: new Secrets(first), clock }) };
}

test('a token opens its session, with its data, at its face only', async () => {
  const { clock, sessions, store } = await openSessions();
  await using _ = store;
  const { token, session } = await sessions.issue(request);

  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(session.expiresMs).toBe(clock.now() + 60 * minute);
  expect(await sessions.verify('ovirt', token)).toEqual(session);
  expect(await sessions.verify('cce', token)).toBeUndefined();
  expect(await sessions.verify('ovirt', `${token}x`)).toBeUndefined();
});

test('the store knows neither the token nor the data', async () => {
  const { rows, sessions, store } = await openSessions();
  await using _ = store;
  const { token } = await sessions.issue({ ...request, token: 'token-of-the-face-0815' });
  const text = JSON.stringify(await rows());

  expect(token).toBe('token-of-the-face-0815');
  expect(text).toContain('ann@internal');
  expect(text).not.toMatch(/0815|hush/);
});

test('use moves the end on, but not beyond the longest life', async () => {
  const { clock, sessions, store } = await openSessions();
  await using _ = store;
  const { token, session } = await sessions.issue(request);
  for (let index = 0; index < 28; index++) {
    clock.advance(50 * minute);
    expect(await sessions.verify('ovirt', token)).toBeDefined();
  }

  expect((await sessions.verify('ovirt', token))?.expiresMs).toBe(session.createdMs + 1440 * minute);
  clock.advance(40 * minute);
  expect(await sessions.verify('ovirt', token)).toBeUndefined();
});

test('an unused session ends, to the millisecond', async () => {
  const { clock, sessions, store } = await openSessions();
  await using _ = store;
  const { token } = await sessions.issue(request);
  clock.advance(60 * minute);

  expect(await sessions.verify('ovirt', token)).toBeUndefined();
});

test('use is written down at most once a minute', async () => {
  const { clock, rows, sessions, store } = await openSessions();
  await using _ = store;
  const { token, session } = await sessions.issue(request);
  clock.advance(minute - 1);
  await sessions.verify('ovirt', token);
  expect((await rows())[0]?.used_ms).toBe(session.createdMs);
  clock.advance(1);
  await sessions.verify('ovirt', token);

  expect((await rows())[0]?.used_ms).toBe(session.createdMs + minute);
});

test('a short idle time is moved on as well', async () => {
  const { clock, sessions, store } = await openSessions();
  await using _ = store;
  const { token } = await sessions.issue({ ...request, idleMs: 10_000 });
  for (let index = 0; index < 10; index++) {
    clock.advance(6000);
    expect(await sessions.verify('ovirt', token)).toBeDefined();
  }
});

test('revoking ends one session, or all of a login at a face', async () => {
  const { sessions, store } = await openSessions();
  await using _ = store;
  const one = await sessions.issue(request);
  await sessions.issue(request);
  await sessions.issue({ ...request, face: 'cce' });

  expect(await sessions.revoke('cce', one.token)).toBe(false);
  expect(await sessions.revoke('ovirt', one.token)).toBe(true);
  expect(await sessions.revoke('ovirt', one.token)).toBe(false);
  expect(await sessions.revokeSubject('ovirt', 'ann@internal')).toBe(1);
  expect(await sessions.revokeSubject('cce', 'ann@internal')).toBe(1);
});

test('the sweep removes what has ended, and nothing else', async () => {
  const { clock, sessions, store } = await openSessions();
  await using _ = store;
  await sessions.issue(request);
  const kept = await sessions.issue({ ...request, idleMs: 61 * minute });
  await sessions.issue({ ...request, idleMs: 120 * minute, maxMs: 30 * minute });
  clock.advance(60 * minute);

  expect(await sessions.sweep()).toBe(2);
  expect(await sessions.verify('ovirt', kept.token)).toBeDefined();
});

test('a change of the server secret ends no session while the former is known', async () => {
  const { clock, sessions, store } = await openSessions();
  await using _ = store;
  const { token } = await sessions.issue(request);
  const changed = new Sessions({ store, clock, secrets: new Secrets(second, [first]) });
  const forgot = new Sessions({ store, clock, secrets: new Secrets(second) });

  expect(await changed.verify('ovirt', token)).toMatchObject({ data: { key: 'hush-4711' } });
  expect(await forgot.verify('ovirt', token)).toBeUndefined();
  expect(await changed.revoke('ovirt', token)).toBe(true);
});

test('of more sessions of one login than it may have, the oldest end; those of others and other faces stay', async () => {
  const { clock, sessions, store } = await openSessions();
  await using _ = store;
  const other = await sessions.issue({ ...request, subject: 'bob' });
  const elsewhere = await sessions.issue({ ...request, face: 'cce' });
  const tokens: string[] = [];
  for (let index = 0; index < 5; index++) {
    clock.advance(1000);
    tokens.push((await sessions.issue({ ...request, atMost: 3 })).token);
  }
  const living = await Promise.all(tokens.map((token) => sessions.verify('ovirt', token)));

  expect(living.map((session) => session !== undefined)).toEqual([false, false, true, true, true]);
  expect(await sessions.verify('ovirt', other.token)).toBeDefined();
  expect(await sessions.verify('cce', elsewhere.token)).toBeDefined();
});

test('a session that has ended is known as such until it is swept; one that never was is not', async () => {
  const { clock, sessions, store } = await openSessions();
  await using _ = store;
  const { token } = await sessions.issue(request);
  expect(await sessions.hasEnded('ovirt', token)).toBe(false);
  clock.advance(60 * minute);

  expect(await sessions.hasEnded('ovirt', token)).toBe(true);
  expect(await sessions.hasEnded('cce', token)).toBe(false);
  expect(await sessions.hasEnded('ovirt', `${token}x`)).toBe(false);
  await sessions.sweep();
  expect(await sessions.hasEnded('ovirt', token)).toBe(false);
});
