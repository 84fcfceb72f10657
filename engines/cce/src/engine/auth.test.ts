import { ManualClock } from '@fairlead/kernel/clock';
import { silentLog } from '@fairlead/kernel/log';
import { Secrets } from '@fairlead/kernel/secrets';
import { Sessions } from '@fairlead/kernel/sessions';
import { kernelMigrations, migrate, openStore } from '@fairlead/kernel/store';
import { expect, test } from 'vitest';
import { create, destroy, get, newWorld, plain, said, set, shownValue, type World } from '../../test/support/world.ts';
import { hashCrypt } from '../crypt/index.ts';
import { type ClientConnection, type Connection, kernelSessions, memorySessions, type SessionUser } from '../index.ts';

const HOUR = 3_600_000;
const secretHash = await hashCrypt('secret');

async function worldWithAnn(options: Parameters<typeof newWorld>[0] = {}): Promise<World> {
  const world = await newWorld(options);
  await create(world.admin, 'User', { name: 'ann', crypt_password: secretHash });
  return world;
}

function logIn(connection: Connection, user: string, password: string) {
  return connection.execute({ verb: 'AUTH', user, password });
}

async function keyOf(world: World, user = 'ann'): Promise<string> {
  const reply = await logIn(await world.engine.connect({ kind: 'anonymous' }), user, 'secret');
  const [line] = reply.lines;
  return line?.code === 109 ? line.sessionId : '';
}

async function goOn(
  world: World,
  user: string,
  sessionId: string,
): Promise<{ readonly connection: ClientConnection; readonly end: number }> {
  const connection = await world.engine.connect({ kind: 'anonymous' });
  const { end, lines } = await connection.execute({ verb: 'AUTHKEY', user, sessionId });
  expect(lines).toEqual([]);
  return { connection, end };
}

test('cce 17.18: AUTH gives a session of 63 characters and the identity of the user', async () => {
  await using world = await worldWithAnn();
  const connection = await world.engine.connect({ kind: 'anonymous' });
  const reply = await logIn(connection, 'ann', 'secret');

  expect(reply).toMatchObject({ end: 201, lines: [{ code: 109, sessionId: expect.stringMatching(/^[A-Za-z0-9]{63}$/) }] });
  expect(said(await plain(connection, 'WHOAMI'))).toEqual(['104 1', '201']);
  expect(connection.oid).toBe('1');
});

test('cce 17.19: a wrong password fails after the pause, which holds up nobody else, and leaves the connection anonymous', async () => {
  await using world = await worldWithAnn({ failurePauseMs: () => 1000 });
  const connection = await world.engine.connect({ kind: 'user', name: 'ann' });
  const failing = logIn(connection, 'ann', 'wrong');
  const behind = plain(connection, 'WHOAMI');
  let answered = false;
  const done = failing.then(() => {
    answered = true;
  });
  const others = await Promise.all([get(world.admin, 1), logIn(await world.engine.connect({ kind: 'anonymous' }), 'ann', 'secret')]);

  expect(others.map(({ end }) => end)).toEqual([201, 201]);
  expect(answered).toBe(false);
  while (!answered) {
    world.clock.advance(1000);
    await new Promise(setImmediate);
  }
  await done;
  expect(said(await failing)).toEqual(['401']);
  expect(said(await behind)).toEqual(['104 -1', '201']);
});

test('cce 17.20, 17.21, 17.27: disabled users and unknown ones get nothing, the empty user is nobody', async () => {
  await using world = await worldWithAnn();
  const connection = await world.engine.connect({ kind: 'anonymous' });
  await create(world.admin, 'User', { name: 'off', enabled: '0', crypt_password: secretHash });
  await create(world.admin, 'User', { name: 'new' });

  for (const user of ['off', 'new', 'nobody', 'ANN']) expect(said(await logIn(connection, user, 'secret'))).toEqual(['401']);
  expect(said(await logIn(connection, 'new', ''))).toEqual(['401']);
  expect(said(await logIn(connection, '', ''))).toEqual([`109 ${'0'.repeat(63)}`, '201']);
  expect(said(await plain(connection, 'WHOAMI'))).toEqual(['104 -1', '201']);
  await expect(world.engine.connect({ kind: 'user', name: 'off' })).rejects.toMatchObject({ code: 'CCE_ENGINE_NO_USER' });
  await expect(world.engine.connect({ kind: 'user', name: 'nobody' })).rejects.toMatchObject({ code: 'CCE_ENGINE_NO_USER' });
});

test('cce 17.22, 17.23, 17.26: AUTHKEY goes on with a session, for its own user only, until ENDKEY', async () => {
  await using world = await worldWithAnn();
  await create(world.admin, 'User', { name: 'bob', crypt_password: secretHash });
  const key = await keyOf(world);

  const { connection, end } = await goOn(world, 'ann', key);
  expect(end).toBe(201);
  expect(said(await plain(connection, 'WHOAMI'))).toEqual(['104 1', '201']);
  for (const [user, sessionId] of [
    ['bob', key],
    ['ann', `${key}x`],
    ['ann', ''],
    ['ann', '0'.repeat(63)],
    ['', key],
  ])
    expect((await goOn(world, user ?? '', sessionId ?? '')).end).toBe(401);
  expect(said(await plain(connection, 'ENDKEY'))).toEqual(['201']);
  expect(said(await plain(connection, 'WHOAMI'))).toEqual(['104 1', '201']);
  expect(said(await plain(connection, 'ENDKEY'))).toEqual(['201']);
  expect((await goOn(world, 'ann', key)).end).toBe(401);
});

test('a malformed session id is refused without a pause', async () => {
  await using world = await worldWithAnn({ failurePauseMs: () => 1_000_000 });

  for (const sessionId of ['', 'x', `${'a'.repeat(62)}-`]) expect((await goOn(world, 'ann', sessionId)).end).toBe(401);
});

test('cce 17.24, 17.25: a session ends unused, AUTHKEY and a good BYE move that on', async () => {
  await using world = await worldWithAnn();
  const key = await keyOf(world);
  world.clock.advance(HOUR - 1);
  const { connection } = await goOn(world, 'ann', key);
  world.clock.advance(HOUR - 1);
  expect(said(await connection.execute({ verb: 'BYE' }))).toEqual(['202']);
  world.clock.advance(HOUR - 1);
  expect((await goOn(world, 'ann', key)).end).toBe(201);
  world.clock.advance(HOUR);

  expect((await goOn(world, 'ann', key)).end).toBe(401);
});

test('cce 17.28: BYE closes the connection, except with a word that there is not', async () => {
  await using world = await worldWithAnn();

  expect(said(await world.admin.execute({ verb: 'BYE', flag: 'FOO' as 'FAIL' }))).toEqual(['403']);
  expect(world.admin.state).toBe('CMD');
  expect(said(await plain(world.admin, 'BYE'))).toEqual(['202']);
  expect(world.admin.state).toBe('CLOSED');
  expect(said(await plain(world.admin, 'WHOAMI'))).toEqual(['402']);
});

test('cce 17.29: the admin flag writes, and is gone after the first attempt to log in', async () => {
  await using world = await worldWithAnn();
  const nobody = await world.engine.connect({ kind: 'anonymous' });

  expect(said(await plain(world.admin, 'WHOAMI'))).toEqual(['104 -1', '201']);
  expect(said(await create(world.admin, 'Beta'))).toEqual(['104 2', '201']);
  expect(said(await create(nobody, 'Beta'))).toEqual(['304 CREATE', '401']);
  expect(said(await logIn(world.admin, 'ann', 'wrong'))).toEqual(['401']);
  expect(said(await create(world.admin, 'Beta'))).toEqual(['304 CREATE', '401']);
  const other = await world.engine.connect({ kind: 'admin' });
  await other.execute({ verb: 'AUTHKEY', user: 'ann', sessionId: 'x' });
  expect(said(await set(other, 2, { name: 'x' }))).toEqual(['304 name', '401']);
});

test.each<[string, (world: World) => Promise<unknown>]>([
  ['destroyed', (world) => destroy(world.admin, 1)],
  ['disabled', (world) => set(world.admin, 1, { enabled: '0' })],
  ['given another password', (world) => set(world.admin, 1, { crypt_password: '*' })],
])('sessions of a user end when it is %s', async (_what, change) => {
  await using world = await worldWithAnn();
  const key = await keyOf(world);
  expect(await world.engine.verifySession('ann', key)).toBe(true);
  await change(world);

  expect(await world.engine.verifySession('ann', key)).toBe(false);
  expect((await goOn(world, 'ann', key)).end).toBe(401);
  await set(world.admin, 1, { enabled: '1' });
  expect(await world.engine.verifySession('ann', key)).toBe(false);
});

test('other changes of a user end no session, and a connection follows its user through a new name', async () => {
  await using world = await worldWithAnn();
  const key = await keyOf(world);
  const { connection } = await goOn(world, 'ann', key);
  await set(world.admin, 1, { fullName: 'Ann' });
  expect(await world.engine.verifySession('ann', key)).toBe(true);
  await set(world.admin, 1, { name: 'anna' });

  expect(await world.engine.verifySession('ann', key)).toBe(false);
  expect(said(await set(connection, 1, { fullName: 'Anna' }))).toEqual(['201']);
});

test('a connection whose user is gone has the rights of nobody, also when another gateway gave the id to somebody else', async () => {
  await using world = await worldWithAnn();
  const ann = await world.engine.connect({ kind: 'user', name: 'ann' });
  await destroy(world.admin, 1);

  expect(said(await plain(ann, 'WHOAMI'))).toEqual(['104 -1', '201']);
  await world.engine.install([{ oid: 1, class: 'User', values: { '': { name: 'root', systemAdministrator: '1' } } }]);
  expect(said(await plain(ann, 'WHOAMI'))).toEqual(['104 -1', '201']);
  expect(said(await create(ann, 'Beta'))).toEqual(['304 CREATE', '401']);
});

test('a connection whose user is disabled has the rights of nobody, until the user is enabled again', async () => {
  await using world = await newWorld();
  await create(world.admin, 'User', { name: 'ann', systemAdministrator: '1' });
  const ann = await world.engine.connect({ kind: 'user', name: 'ann' });
  expect(said(await set(ann, 1, { enabled: '0' }))).toEqual(['201']);

  expect(said(await plain(ann, 'WHOAMI'))).toEqual(['104 -1', '201']);
  expect(said(await create(ann, 'Beta'))).toEqual(['304 CREATE', '401']);
  await set(world.admin, 1, { enabled: '1' });
  expect(said(await plain(ann, 'WHOAMI'))).toEqual(['104 1', '201']);
});

test('what a user has written who is disabled before COMMIT is discarded, a new name is no hindrance', async () => {
  await using world = await newWorld();
  await create(world.admin, 'User', { name: 'ann' });
  await create(world.admin, 'Alpha', { name: 'old' });
  const ann = await world.engine.connect({ kind: 'user', name: 'ann' });
  const commitAfter = async (change: Readonly<Record<string, string>>) => {
    await plain(ann, 'BEGIN');
    await set(ann, 2, { name: 'new' });
    await set(world.admin, 1, change);
    return said(await plain(ann, 'COMMIT'));
  };

  expect(await commitAfter({ enabled: '0' })).toEqual(['304 COMMIT', '401']);
  expect(await shownValue(world.admin, 2, 'name')).toBe('old');
  expect(said(await set(world.admin, 2, { number: '8' }))).toEqual(['201']);
  await set(world.admin, 1, { enabled: '1' });
  expect(await commitAfter({ name: 'anna' })).toEqual(['201']);
  expect(await shownValue(world.admin, 2, 'name')).toBe('new');
});

test('nobody gets rights from what the own transaction has made of the own user', async () => {
  const self = 'type="scalar" writeacl="ruleSelf" readacl="ruleSelf"';
  await using world = await newWorld({
    schema: `<typedef name="scalar" type="re" data=""/>
      <class name="User"><property name="name" type="scalar"/><property name="enabled" type="scalar" default="1"/>
        <property name="capabilities" array="1" ${self}/><property name="systemAdministrator" ${self}/></class>
      <class name="Thing"><property name="power" type="scalar" writeacl="ruleCapable(power)"/></class>`,
  });
  await create(world.admin, 'User', { name: 'ann' });
  await create(world.admin, 'Thing');
  const ann = await world.engine.connect({ kind: 'user', name: 'ann' });
  await plain(ann, 'BEGIN');
  expect(said(await set(ann, 1, { capabilities: '&power&', systemAdministrator: '1' }))).toEqual(['201']);

  expect(said(await set(ann, 2, { power: 'mine' }))).toEqual(['304 power', '401']);
  expect(said(await plain(ann, 'COMMIT'))).toEqual(['201']);
  expect(said(await set(ann, 2, { power: 'mine' }))).toEqual(['201']);
});

test('a transaction has one caller for its handlers: who writes first, and nobody else may go on writing', async () => {
  const callers: string[] = [];
  await using world = await worldWithAnn({
    conf: 'Alpha.name native:note',
    native: {
      note: async ({ callerOid, connection }) => {
        callers.push(callerOid, ...said(await plain(connection, 'WHOAMI')));
        return 'SUCCESS';
      },
    },
  });
  await create(world.admin, 'User', { name: 'bob', crypt_password: secretHash });
  await create(world.admin, 'Alpha');
  const connection = await world.engine.connect({ kind: 'anonymous' });
  await plain(connection, 'BEGIN');
  expect(said(await set(connection, 3, { name: 'x' }))).toEqual(['304 name', '401']);
  await logIn(connection, 'ann', 'secret');
  expect(said(await set(connection, 3, { name: 'x' }))).toEqual(['201']);
  await logIn(connection, 'bob', 'secret');
  expect(said(await set(connection, 3, { number: '8' }))).toEqual(['306 TRANSACTION OF ANOTHER USER', '401']);
  await logIn(connection, '', '');

  expect(said(await plain(connection, 'COMMIT'))).toEqual(['201']);
  expect(callers).toEqual(['1', '104 1', '201']);
});

test('a password that is changed while it is being checked opens nothing', async () => {
  let change: () => Promise<unknown> = async () => undefined;
  const clock = new ManualClock();
  const sessions = memorySessions(clock, { idleMs: HOUR, maxMs: HOUR });
  const keys: string[] = [];
  const issue = async (user: SessionUser) => {
    await change();
    keys.push(await sessions.issue(user));
    return keys.at(-1) ?? '';
  };
  await using world = await worldWithAnn({ clock, sessions: { ...sessions, issue } });
  const connection = await world.engine.connect({ kind: 'anonymous' });
  const harmless = [() => set(world.admin, 1, { fullName: 'Ann' })];
  const harmful = [
    () => set(world.admin, 1, { crypt_password: '*' }),
    () => set(world.admin, 1, { enabled: '0' }),
    () => destroy(world.admin, 1),
  ];
  const ends: number[] = [];
  for (change of [...harmless, ...harmful]) {
    await set(world.admin, 1, { crypt_password: secretHash });
    ends.push((await logIn(connection, 'ann', 'secret')).end);
    await set(world.admin, 1, { enabled: '1' });
  }

  expect(ends).toEqual([201, 401, 401, 401]);
  expect(said(await plain(connection, 'WHOAMI'))).toEqual(['104 -1', '201']);
  const alive = await Promise.all(keys.slice(1).map((key) => sessions.verify(key)));
  expect(alive.every((session) => session === undefined)).toBe(true);
});

test('login and sessions without a connection', async () => {
  await using world = await worldWithAnn({ failurePauseMs: () => 1_000_000 });
  const key = (await world.engine.login('ann', 'secret')) ?? '';

  expect(await world.engine.login('ann', 'wrong')).toBeUndefined();
  expect(await world.engine.login('', '')).toBeUndefined();
  expect(await world.engine.verifySession('ann', key)).toBe(true);
  expect(await world.engine.verifySession('bob', key)).toBe(false);
  await world.engine.endSession(key);
  expect(await world.engine.verifySession('ann', key)).toBe(false);
});

test('a thousand that fail at once hold up neither requests nor who logs in with the right password', async () => {
  await using world = await worldWithAnn({ failurePauseMs: () => 1_000_000 });
  await create(world.admin, 'User', { name: 'bob', crypt_password: secretHash });
  let failed = 0;
  const gone = new AbortController();
  const attempts = Array.from({ length: 1000 }, async (_none, index) => {
    const connection = await world.engine.connect({ kind: 'anonymous' });
    const user = index % 2 === 0 ? 'bob' : `user${index}`;
    await connection.execute({ verb: 'AUTH', user, password: 'x' }, { signal: gone.signal }).catch(() => undefined);
    failed += 1;
  });

  expect(await shownValue(world.admin, 1, 'name')).toBe('ann');
  expect(await world.engine.login('ann', 'secret')).toBeDefined();
  expect(failed).toBe(0);
  gone.abort(new Error('gone'));
  await Promise.all(attempts);
});

test('cce 17.54, 17.55, 17.57, 17.64: users change what is theirs, nobody sees what is for all, and every refused property is named', async () => {
  await using world = await worldWithAnn();
  await create(world.admin, 'User', { name: 'bob', crypt_password: secretHash });
  await create(world.admin, 'Alpha', { name: 'a', secret: 's', open: 'o' });
  const ann = await world.engine.connect({ kind: 'user', name: 'ann' });
  const nobody = await world.engine.connect({ kind: 'anonymous' });

  expect(said(await set(ann, 1, { fullName: 'Ann' }))).toEqual(['201']);
  expect(said(await set(ann, 2, { fullName: 'Ann' }))).toEqual(['304 fullName', '401']);
  expect(said(await set(ann, 3, { name: 'b', secret: 's', open: 'x', OID: '5' }))).toEqual(['304 secret', '304 open', '401']);
  expect(await shownValue(world.admin, 3, 'name')).toBe('a');
  expect(said(await get(nobody, 3))).toEqual(['102 CLASS Alpha', '102 CLASSVER 1.0', '102 NAMESPACE ', '102 OID 3', '102 open o', '201']);
  expect(await shownValue(ann, 3, 'secret')).toBeUndefined();
  expect(await shownValue(ann, 1, 'crypt_password')).toBe(secretHash);
  expect(await shownValue(ann, 2, 'crypt_password')).toBeUndefined();
});

test('cce 17.63: FIND never tells of a property that the caller may not read, by = , by ~ or by the order', async () => {
  await using world = await worldWithAnn();
  await create(world.admin, 'Alpha', { secret: 'b' });
  await create(world.admin, 'Alpha', { secret: 'a' });
  const ann = await world.engine.connect({ kind: 'user', name: 'ann' });
  const look = async (connection: Connection, match: 'equals' | 'regex') =>
    said(await connection.execute({ verb: 'FIND', class: 'Alpha', criteria: [{ key: 'secret', match, value: 'b' }] }));
  const order = async (connection: Connection) =>
    said(await connection.execute({ verb: 'FIND', class: 'Alpha', criteria: [], sort: { type: 'ascii', property: 'secret' } }));

  for (const match of ['equals', 'regex'] as const) {
    expect(await look(ann, match)).toEqual(['201']);
    expect(await look(world.admin, match)).toEqual(['104 2', '201']);
  }
  expect(await order(world.admin)).toEqual(['104 3', '104 2', '201']);
  expect(await order(ann)).toEqual(['104 2', '104 3', '201']);
});

test('readObjects gives all namespaces that the caller may read, in the order asked for', async () => {
  await using world = await worldWithAnn();
  await create(world.admin, 'Alpha', { name: 'a', secret: 's' });
  const ann = await world.engine.connect({ kind: 'user', name: 'ann' });
  const views = await ann.readObjects(['2', '77', 'x', '1']);

  expect(views.map(({ oid, class: className }) => `${oid} ${className}`)).toEqual(['2 Alpha', '1 User']);
  expect([...(views[0]?.namespaces.keys() ?? [])]).toEqual(['', 'Extra']);
  expect(views[0]?.namespaces.get('Extra')).toEqual(
    new Map([
      ['CLASSVER', '2.5'],
      ['NAMESPACE', 'Extra'],
      ['color', 'red'],
    ]),
  );
  expect(views[0]?.namespaces.get('')?.has('secret')).toBe(false);
  expect((await world.admin.readObjects(['2']))[0]?.namespaces.get('')?.get('secret')).toBe('s');
});

test('sessions of the kernel: at most 100 of a user, good at another gateway, and no key is in the store', async () => {
  const clock = new ManualClock();
  await using store = await openStore({ url: ':memory:', stateDir: '/nonexistent', log: silentLog(), clock });
  await migrate(store, kernelMigrations);
  const open = () =>
    kernelSessions(new Sessions({ store, secrets: new Secrets('a-server-secret-of-32-bytes-or-more'), clock }), { idleMs: HOUR, maxMs: 0 });
  const [here, there] = [open(), open()];
  const keys: string[] = [];
  for (let index = 0; index < 102; index += 1) {
    clock.advance(1);
    keys.push(await here.issue({ oid: 6, name: 'admin' }));
  }
  const bob = await there.issue({ oid: 7, name: 'bob' });

  expect(new Set(keys.filter((key) => /^[A-Za-z0-9]{63}$/.test(key))).size).toBe(102);
  expect(await there.verify(keys[1] ?? '')).toBeUndefined();
  expect(await there.verify(keys[2] ?? '')).toEqual({ oid: 6, name: 'admin' });
  await there.revoke(keys[2] ?? '');
  expect(await here.verify(keys[2] ?? '')).toBeUndefined();
  await there.revokeUser(6);
  expect(await here.verify(keys[101] ?? '')).toBeUndefined();
  expect(await here.verify(bob)).toEqual({ oid: 7, name: 'bob' });
  const rows = await store.tables<{ kernel_sessions: Record<string, unknown> }>().selectFrom('kernel_sessions').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(bob);
});
