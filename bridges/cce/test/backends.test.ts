import type { Operation } from '@fairlead/cscp/codec';
import type { CommitRecord } from '@fairlead/engine-cce';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, BackendConnection, Identity } from '../src/service/backend.ts';
import { SocketBackend } from '../src/service/backends/index.ts';
import { HandClock } from './support/hand-clock.ts';
import { DEMO_PASSWORD, openWorld, type World } from './support/world.ts';

const ADMIN: Identity = { kind: 'password', user: 'admin', password: DEMO_PASSWORD };
const ROUND_MS = 10_000;
const files = {
  'conf/fail.conf': 'User.sortName exec:fail.sh\nUser.stylePreference exec:check.sh VALIDATE\n',
  'handlers/fail.sh': '#!/bin/sh\necho BYE FAIL\n',
  'handlers/check.sh': '#!/bin/sh\necho BYE FAIL\n',
};

describe.each(['embedded', 'socket'] as const)('the %s backend', (kind) => {
  const clock = new HandClock();
  let world: World;
  let backend: Backend;
  beforeAll(async () => {
    world = await openWorld({ files, clock });
    backend = kind === 'embedded' ? world.embedded.backend : socketBackend(world, clock);
  });
  afterAll(async () => {
    await backend[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  const use = <T>(identity: Identity, work: (connection: BackendConnection) => Promise<T>) =>
    backend.use(identity, work, timeLimit(), { peer: '192.0.2.7' });
  const ask = (identity: Identity, operation: Operation) => use(identity, (connection) => connection.execute(operation));
  const whoAmI = async (identity: Identity) => (await ask(identity, { verb: 'WHOAMI' })).lines;
  const logIn = async (): Promise<Identity & { kind: 'session' }> => {
    const sessionId = (await backend.login('admin', DEMO_PASSWORD, timeLimit())) ?? '';
    return { kind: 'session', user: 'admin', sessionId };
  };

  test('each identity is who it says', async () => {
    expect(await whoAmI({ kind: 'anonymous' })).toEqual([{ code: 104, oid: '-1' }]);
    expect(await whoAmI(await logIn())).toEqual([{ code: 104, oid: '6' }]);
    expect(await whoAmI(ADMIN)).toEqual([{ code: 104, oid: '6' }]);
    expect(await whoAmI({ kind: 'service', user: 'admin' })).toEqual([{ code: 104, oid: '6' }]);
    expect(await whoAmI({ kind: 'anonymous' })).toEqual([{ code: 104, oid: '-1' }]);
  });

  test.each<[string, Identity]>([
    ['a session that is none', { kind: 'session', user: 'admin', sessionId: 'x'.repeat(63) }],
    ['a session without a user', { kind: 'session', user: '', sessionId: 'x'.repeat(63) }],
    ['a wrong password', { kind: 'password', user: 'admin', password: 'wrong' }],
    ['an empty user and password', { kind: 'password', user: '', password: '' }],
    ['a service user that does not exist', { kind: 'service', user: 'nobody-here' }],
  ])('cce 6.20: with %s the work is not begun', async (_, identity) => {
    let hasBegun = false;
    const work = use(identity, async () => {
      hasBegun = true;
    });
    await expect(work).rejects.toMatchObject({ code: 'CCE_LOGIN_FAILED' });
    expect(hasBegun).toBe(false);
  });

  test('a session can be verified and ended, and no other user can do that', async () => {
    const session = await logIn();
    expect(await backend.login('admin', 'wrong', timeLimit())).toBeUndefined();
    expect(await backend.login('', '', timeLimit())).toBeUndefined();
    expect(await backend.verify('admin', session.sessionId, timeLimit())).toBe(true);
    expect(await backend.verify('api-admin', session.sessionId, timeLimit())).toBe(false);
    await backend.endSession('api-admin', session.sessionId, timeLimit());
    expect(await whoAmI(session)).toEqual([{ code: 104, oid: '6' }]);
    await backend.endSession('admin', session.sessionId, timeLimit());
    await expect(whoAmI(session)).rejects.toMatchObject({ code: 'CCE_LOGIN_FAILED' });
    expect(await backend.verify('admin', session.sessionId, timeLimit())).toBe(false);
    await backend.endSession('admin', session.sessionId, timeLimit());
  });

  test('cce 1.8: a session that is used does not end, one that is not used does', async () => {
    const session = await logIn();
    for (let step = 0; step < 4; step += 1) {
      clock.advance(2_000_000);
      expect(await whoAmI(session)).toEqual([{ code: 104, oid: '6' }]);
    }
    clock.advance(3_600_001);
    await expect(whoAmI(session)).rejects.toMatchObject({ code: 'CCE_LOGIN_FAILED' });
  });

  test('a transaction that was left open is discarded', async () => {
    await use(ADMIN, (connection) =>
      connection.executeAll([{ verb: 'BEGIN' }, { verb: 'SET', oid: '56', namespace: '', values: new Map([['description', 'left']]) }]),
    );
    expect((await ask(ADMIN, { verb: 'GET', oid: '56', namespace: '' })).lines).not.toContainEqual(
      expect.objectContaining({ value: 'left' }),
    );
  });

  test('several commands are answered in order, whatever comes of each', async () => {
    const replies = await use(ADMIN, (connection) =>
      connection.executeAll([
        { verb: 'GET', oid: '9999', namespace: '' },
        { verb: 'WHOAMI' },
        { verb: 'SET', oid: '56', namespace: '', values: new Map([['a b', 'x']]) },
        { verb: 'NAMES', of: '9999' },
      ]),
    );
    expect(replies.map((reply) => reply.end)).toEqual([401, 201, 401, 401]);
    expect(replies[2]?.lines).toEqual([{ code: 302, oid: '56', key: 'a b', message: '[[base-cce.unknownAttr]]' }]);
  });

  test.each<[string, Operation, number, readonly object[]]>([
    ['a class', { verb: 'CREATE', class: 'User x', values: new Map() }, 401, [{ code: 301, class: 'User x' }]],
    ['the class of a search', { verb: 'FIND', class: '', criteria: [] }, 401, [{ code: 301, class: '' }]],
    ['a namespace', { verb: 'GET', oid: '56', namespace: 'a"\nDESTROY 56' }, 401, [{ code: 303, namespace: 'a"\nDESTROY 56' }]],
    ['an object', { verb: 'GET', oid: '5 6', namespace: '' }, 403, []],
    ['the key of a search', { verb: 'FIND', class: 'User', criteria: [{ key: 'a b', match: 'equals', value: '' }] }, 201, []],
  ])('%s that is no name is answered like one that nobody knows', async (_, operation, end, lines) => {
    const { events: _events, ...reply } = await ask(ADMIN, operation);
    expect(reply).toMatchObject({ end, lines });
  });

  test('objects are read with all their namespaces, in the order of the request, without those that are not there', async () => {
    const views = await use(ADMIN, (connection) => connection.readObjects(['58', '9999', '34', '56']));
    expect(views.map((view) => [view.oid, view.class])).toEqual([
      ['58', 'User'],
      ['34', 'Vsite'],
      ['56', 'User'],
    ]);
    const [user] = views;
    expect([...(user?.namespaces.keys() ?? [])].slice(0, 4)).toEqual(['', 'Shell', 'Email', 'subdomains']);
    expect(user?.namespaces.get('')?.get('OID')).toBe('58');
    expect(user?.namespaces.get('Shell')?.get('NAMESPACE')).toBe('Shell');
    const hidden = await use({ kind: 'anonymous' }, (connection) => connection.readObjects(['34']));
    expect(hidden[0]?.namespaces.get('')?.has('maxusers')).toBe(false);
    expect(hidden[0]?.namespaces.get('')?.get('fqdn')).toBe('t1.smd.net');
  });

  test('cce 12.1: a write tells its events, and who listens is told of the commit', async () => {
    const commits: CommitRecord[] = [];
    const stop = backend.onCommit((commit) => commits.push(commit));
    const reply = await ask(ADMIN, {
      verb: 'SET',
      oid: '56',
      namespace: 'Email',
      values: new Map([['vacationMsg', `back at ${clock.now()}`]]),
    });
    stop();
    await ask(ADMIN, { verb: 'SET', oid: '56', namespace: 'Email', values: new Map([['vacationMsg', 'untold']]) });
    expect(reply.events).toEqual(['56.Email.vacationMsg']);
    expect(commits).toMatchObject([{ callerOid: '6', callerName: 'admin', peer: '192.0.2.7', transaction: reply.transaction }]);
    expect(commits[0]?.changes).toMatchObject([{ oid: '56', kind: 'modify' }]);
    expect(commits[0]?.changes[0]?.values.get('Email')?.get('vacationMsg')).toContain('back at');
  });

  test('cce 17.136: a rollback is told only when a handler had been started', async () => {
    const set = (key: string, value: string) => ask(ADMIN, { verb: 'SET', oid: '56', namespace: '', values: new Map([[key, value]]) });
    const failed = await set('sortName', `${clock.now()}`);
    expect(failed).toMatchObject({ end: 401 });
    expect(failed.rollback).toBeDefined();
    expect((await set('enabled', '5')).rollback).toBeUndefined();
    expect((await set('nothing', '5')).rollback).toBeUndefined();
    expect((await set('description', '5')).rollback).toBeUndefined();
  });

  test('cce 17.138: a dry run leaves the database as it is, or is refused where there is none', async () => {
    const dry = (values: [string, string]) =>
      use(ADMIN, (connection) =>
        connection.execute({ verb: 'SET', oid: '56', namespace: '', values: new Map([values]) }, { dryRun: true }),
      );
    if (!backend.capabilities.dryRun) {
      await expect(dry(['description', 'dry'])).rejects.toMatchObject({ code: 'CCE_DRYRUN_UNSUPPORTED' });
      return;
    }
    expect((await dry(['description', 'dry'])).end).toBe(201);
    expect((await dry(['enabled', '7'])).end).toBe(401);
    expect((await dry(['stylePreference', 'x'])).end).toBe(401);
    expect(
      (await ask(ADMIN, { verb: 'FIND', class: 'User', criteria: [{ key: 'description', match: 'equals', value: 'dry' }] })).lines,
    ).toEqual([]);
  });

  test('it says that it is well, and when it is suspended', async () => {
    expect(await backend.health(timeLimit())).toMatchObject({ ok: true, suspended: undefined });
    await ask(ADMIN, { verb: 'ADMIN', action: 'SUSPEND', reason: 'backup' });
    expect(await backend.health(timeLimit())).toMatchObject({ ok: true, suspended: 'backup' });
    const refused = await ask(ADMIN, {
      verb: 'CREATE',
      class: 'Route',
      values: new Map([
        ['target', '10.0.0.0'],
        ['netmask', '255.0.0.0'],
      ]),
    });
    expect(refused).toMatchObject({ end: 401, lines: [{ code: 104 }, { code: 309, reason: 'backup' }] });
    expect(refused.rollback).toBeUndefined();
    await ask(ADMIN, { verb: 'ADMIN', action: 'RESUME' });
  });

  test('a caller who is gone is told his own reason', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(backend.use(ADMIN, (connection) => connection.execute({ verb: 'WHOAMI' }), signal)).rejects.toThrow('gone');
  });

  test('many callers at a time keep their identities apart', async () => {
    const session = await logIn();
    const identities = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? session : ({ kind: 'anonymous' } as const)));
    const oids = await Promise.all(identities.map(async (identity) => JSON.stringify(await whoAmI(identity))));
    expect(oids).toEqual(identities.map((identity) => JSON.stringify([{ code: 104, oid: identity === session ? '6' : '-1' }])));
  });

  test('cce 1.8: who is disabled, gets another password or is destroyed has no session from then on', async () => {
    const set = (values: Record<string, string>) =>
      ask(ADMIN, { verb: 'SET', oid: '58', namespace: '', values: new Map(Object.entries(values)) });
    let password = DEMO_PASSWORD;
    const session = async () => {
      const sessionId = (await backend.login('siteadmin1', password, timeLimit())) ?? '';
      const identity: Identity = { kind: 'session', user: 'siteadmin1', sessionId };
      expect(await whoAmI(identity)).toEqual([{ code: 104, oid: '58' }]);
      return identity;
    };
    const disabled = await session();
    await set({ enabled: '0' });
    await expect(whoAmI(disabled)).rejects.toMatchObject({ code: 'CCE_LOGIN_FAILED' });
    await set({ enabled: '1' });
    await expect(whoAmI(disabled)).rejects.toMatchObject({ code: 'CCE_LOGIN_FAILED' });
    const former = await session();
    password = 'another-password';
    await set({ password });
    await expect(whoAmI(former)).rejects.toMatchObject({ code: 'CCE_LOGIN_FAILED' });
    const gone = await session();
    expect(await ask(ADMIN, { verb: 'DESTROY', oid: '58' })).toMatchObject({ end: 201 });
    await expect(whoAmI(gone)).rejects.toMatchObject({ code: 'CCE_LOGIN_FAILED' });
  });
});

test('cce 7.3: a lost session of the gateway itself is replaced without a word', async () => {
  const clock = new HandClock();
  await using world = await openWorld({ clock });
  await using backend = socketBackend(world, clock);
  const whoAmI = async () =>
    (await backend.use({ kind: 'service', user: 'admin' }, (one) => one.execute({ verb: 'WHOAMI' }), timeLimit())).lines;
  expect(await whoAmI()).toEqual([{ code: 104, oid: '6' }]);
  clock.advance(25 * 3_600_000 + ROUND_MS);
  expect(await whoAmI()).toEqual([{ code: 104, oid: '6' }]);
});

test('cce 1.1: nobody stays nobody where every connection begins with all rights, as those of root to a cced', async () => {
  const clock = new HandClock();
  await using world = await openWorld({ files: {}, clock });
  await using backend = socketBackend(world, clock, world.adminSocket);
  const write: Operation = { verb: 'SET', oid: '1', namespace: 'Snmp', values: new Map([['readCommunity', 'stolen']]) };
  const reply = await backend.use({ kind: 'anonymous' }, (connection) => connection.execute(write), timeLimit(), { peer: '127.0.0.1' });
  expect(reply).toMatchObject({ end: 401, lines: [{ code: 304, what: 'readCommunity' }] });
});

function socketBackend(world: World, clock: HandClock, socketPath = world.socket): SocketBackend {
  const { log } = world.captured;
  const serviceCredentials = async (user: string) => (user === 'admin' ? DEMO_PASSWORD : undefined);
  const { schema } = world.embedded.engine;
  return new SocketBackend({ socketPath, timeoutMs: 5000, schema, serviceCredentials, clock, log });
}

function timeLimit(): AbortSignal {
  return AbortSignal.timeout(15_000);
}
