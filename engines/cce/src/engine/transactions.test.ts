import { ManualClock } from '@fairlead/kernel/clock';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { create, destroy, find, get, newStore, newWorld, plain, said, set, shownValue, type World } from '../../test/support/world.ts';
import { type CommitRecord, MemoryStorage } from '../index.ts';

test('cce 17.74: inside a transaction GET shows the old value and the new one, and nobody else sees the new one', async () => {
  await using world = await newWorld();
  const { admin } = world;
  const other = await world.engine.connect({ kind: 'admin' });
  await create(admin, 'Alpha', { name: 'old' });

  expect(said(await plain(admin, 'BEGIN'))).toEqual(['201']);
  expect(said(await set(admin, 1, { name: 'new', number: '7' }))).toEqual(['201']);
  const seen = said(await get(admin, 1));
  expect(seen.filter((line) => line.includes('name'))).toEqual(['102 name old', '103 name new']);
  expect(seen.filter((line) => line.startsWith('103'))).toEqual(['103 name new']);
  expect(said(await find(admin, 'Alpha', { name: 'new' }))).toEqual(['104 1', '201']);
  expect(said(await find(admin, 'Alpha', { name: 'old' }))).toEqual(['201']);
  expect(await shownValue(other, 1, 'name')).toBe('old');
  expect(said(await find(other, 'Alpha', { name: 'new' }))).toEqual(['201']);
  expect(said(await plain(admin, 'COMMIT'))).toEqual(['201']);
  expect(await shownValue(other, 1, 'name')).toBe('new');
});

test('cce 17.75, 17.76: a new object is marked and all of it is new, one that goes is marked and shown as it was', async () => {
  await using world = await newWorld();
  const { admin } = world;
  await create(admin, 'Beta', { name: 'b' });
  await plain(admin, 'BEGIN');
  expect(said(await create(admin, 'Beta', { name: 'c' }))).toEqual(['104 2', '201']);
  expect(said(await get(admin, 2))).toEqual([
    '107',
    '103 CLASS Beta',
    '103 CLASSVER 1.0',
    '103 NAMESPACE ',
    '103 OID 2',
    '103 beta ',
    '103 name c',
    '201',
  ]);
  expect(said(await destroy(admin, 1))).toEqual(['201']);
  const gone = said(await get(admin, 1));
  expect(gone.slice(-3)).toEqual(['102 name b', '108', '201']);
  expect(said(await find(admin, 'Beta'))).toEqual(['104 2', '201']);
  expect(said(await set(admin, 1, { name: 'x' }))).toEqual(['300 1', '401']);
});

test('cce 17.77, 17.78: a refused write leaves the transaction open with the earlier ones, and COMMIT tells handlers once', async () => {
  const told: string[][] = [];
  await using world = await newWorld({
    conf: 'Alpha.* native:watch\nAlpha.Extra.* native:watch\nAlpha._CREATE native:watch',
    native: {
      watch: async ({ events }) => {
        told.push(events.map(({ oid, namespace, name }) => `${oid}.${namespace}.${name}`));
        return 'SUCCESS';
      },
    },
  });
  const { admin } = world;
  await create(admin, 'Alpha');
  await plain(admin, 'BEGIN');
  await set(admin, 1, { name: 'a', note: 'n' });
  expect(said(await set(admin, 1, { name: 'b', enabled: 'x' }))).toEqual(['302 1 enabled [[base-cce.invalidData]]', '401']);
  await set(admin, 1, { name: 'c' });
  await set(admin, 1, { color: 'blue' }, 'Extra');
  expect(said(await create(admin, 'Nothing'))).toEqual(['301 Nothing', '401']);
  expect(told).toEqual([['1.._CREATE']]);
  const reply = await plain(admin, 'COMMIT');

  expect(said(reply)).toEqual(['201']);
  expect(told.slice(1)).toEqual([['1..name', '1..note', '1.Extra.color']]);
  expect(reply.events).toEqual(['1..name', '1..note', '1.Extra.color']);
  expect(reply.transaction).toMatch(/^[0-9a-f-]{36}$/);
  expect(await shownValue(admin, 1, 'name')).toBe('c');
});

test('cce 17.79: whoever leaves without COMMIT has changed nothing, and BEGIN and ADMIN do not nest', async () => {
  await using world = await newWorld();
  await create(world.admin, 'Alpha', { name: 'old' });
  for (const leave of [(one: typeof world.admin) => plain(one, 'BYE'), (one: typeof world.admin) => one[Symbol.asyncDispose]()]) {
    const other = await world.engine.connect({ kind: 'admin' });
    await plain(other, 'BEGIN');
    await set(other, 1, { name: 'new' });
    await create(other, 'Alpha');
    expect(said(await plain(other, 'BEGIN'))).toEqual(['402']);
    expect(said(await other.execute({ verb: 'ADMIN', action: 'SUSPEND' }))).toEqual(['402']);
    await leave(other);
    expect(other.state).toBe('CLOSED');
    expect(await shownValue(world.admin, 1, 'name')).toBe('old');
  }

  expect(said(await create(world.admin, 'Alpha'))).toEqual(['104 2', '201']);
});

test('cce 17.81: equal values, what is made and unmade, and properties of a new object are no events', async () => {
  await using world = await newWorld();
  const { admin } = world;
  await create(admin, 'Alpha', { name: 'a' });

  expect((await set(admin, 1, { name: 'a', number: '7' })).events).toEqual([]);
  await plain(admin, 'BEGIN');
  await create(admin, 'Alpha');
  await destroy(admin, 2);
  await create(admin, 'Alpha', { name: 'x' });
  await set(admin, 3, { name: 'y' });
  await set(admin, 1, { name: 'b' });
  await set(admin, 1, { name: 'a' });
  expect((await plain(admin, 'COMMIT')).events).toEqual(['3._CREATE']);
  expect(await shownValue(admin, 3, 'name')).toBe('y');
  await plain(admin, 'BEGIN');
  await set(admin, 3, { name: 'z' });
  await destroy(admin, 3);
  expect((await plain(admin, 'COMMIT')).events).toEqual(['3._DESTROY']);
});

test('cce 17.89: while suspended writes are refused with the reason and reads work, also after a restart; only a sysadmin may', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  await using world = await newWorld({ storage });
  const admin = (action: string, reason?: string) => world.admin.execute({ verb: 'ADMIN', action, reason });
  await create(world.admin, 'Alpha', { name: 'a' });

  expect(said(await admin('STOP'))).toEqual(['401']);
  expect(said(await admin('resume'))).toEqual(['401']);
  expect(said(await admin('suspend', 'r'))).toEqual(['201']);
  expect(said(await admin('SUSPEND', 'again'))).toEqual(['401']);
  expect(said(await set(world.admin, 1, { name: 'b' }))).toEqual(['309 r', '401']);
  expect(said(await create(world.admin, 'Alpha'))).toEqual(['104 2', '309 r', '401']);
  expect(await shownValue(world.admin, 1, 'name')).toBe('a');
  await plain(world.admin, 'BEGIN');
  expect(said(await set(world.admin, 1, { name: 'b' }))).toEqual(['201']);
  expect(said(await plain(world.admin, 'COMMIT'))).toEqual(['309 r', '401']);
  expect(await shownValue(world.admin, 1, 'name')).toBe('a');

  await using again = await newWorld({ storage });
  expect(await again.engine.suspended()).toBe('r');
  expect(again.admin.greeting().suspended).toBe('r');
  const nobody = await again.engine.connect({ kind: 'anonymous' });
  expect(said(await nobody.execute({ verb: 'ADMIN', action: 'RESUME' }))).toEqual(['401']);
  expect(said(await again.admin.execute({ verb: 'ADMIN', action: 'RESUME' }))).toEqual(['201']);
  expect(said(await again.admin.execute({ verb: 'ADMIN', action: 'RESUME' }))).toEqual(['401']);
  expect(said(await set(world.admin, 1, { name: 'b' }))).toEqual(['201']);
});

test('cce 17.91: who commits a change of an object that another gateway has changed since has a conflict', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  await using one = await newWorld({ storage });
  await using two = await newWorld({ storage });
  await create(one.admin, 'Alpha', { name: 'a' });
  for (const { admin } of [one, two]) {
    await plain(admin, 'BEGIN');
    await set(admin, 1, { name: admin === one.admin ? 'one' : 'two' });
  }

  expect(said(await plain(one.admin, 'COMMIT'))).toEqual(['201']);
  expect(said(await plain(two.admin, 'COMMIT'))).toEqual(['306 CONFLICT 1', '401']);
  expect(await shownValue(two.admin, 1, 'name')).toBe('one');
  await plain(two.admin, 'BEGIN');
  await set(two.admin, 1, { name: 'two' });
  await destroy(one.admin, 1);
  expect(said(await plain(two.admin, 'COMMIT'))).toEqual(['306 CONFLICT 1', '401']);
});

test('cce 17.91: what a transaction has read and somebody else has changed since cannot be overwritten by it', async () => {
  await using world = await newWorld();
  const other = await world.engine.connect({ kind: 'admin' });
  await create(world.admin, 'Alpha', { number: '1' });
  await plain(world.admin, 'BEGIN');
  await get(world.admin, 1);
  await set(other, 1, { number: '2' });

  expect(said(await set(world.admin, 1, { number: '2' }))).toEqual(['306 CONFLICT 1', '401']);
  expect(said(await set(other, 1, { number: '3' }))).toEqual(['201']);
});

test('cce 17.91: of many that count up the same number at two gateways at once none is lost', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  await using one = await newWorld({ storage });
  await using two = await newWorld({ storage });
  await create(one.admin, 'Alpha', { number: '0' });
  const countUp = async (world: World): Promise<void> => {
    const connection = await world.engine.connect({ kind: 'admin' });
    for (let done = 0; done < 5; ) {
      await plain(connection, 'BEGIN');
      const number = Number(await shownValue(connection, 1, 'number'));
      const written = await set(connection, 1, { number: String(number + 1) });
      const committed = await plain(connection, 'COMMIT');
      if (written.end === 201 && committed.end === 201) done += 1;
    }
  };
  await Promise.all([one, one, two, two].map(countUp));

  expect(await shownValue(two.admin, 1, 'number')).toBe('20');
});

test('a unique value is given once, also by two gateways at the same time', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  await using one = await newWorld({ storage });
  await using two = await newWorld({ storage });
  for (const { admin } of [one, two]) {
    await plain(admin, 'BEGIN');
    await create(admin, 'Unique', { name: 'n', tag: 'same' });
    await create(admin, 'Unique', { name: 'n', tag: '' });
  }

  expect(said(await plain(one.admin, 'COMMIT'))).toEqual(['201']);
  expect(said(await plain(two.admin, 'COMMIT'))).toEqual(['306 CONFLICT 3', '401']);
  expect(said(await find(two.admin, 'Unique', { name: 'n' }))).toEqual(['104 1', '104 2', '201']);
});

test('a second writer of an object waits for the first, and gives up after the limit', async () => {
  await using world = await newWorld();
  const other = await world.engine.connect({ kind: 'admin' });
  await create(world.admin, 'Alpha', { name: 'a' });
  await plain(world.admin, 'BEGIN');
  await set(world.admin, 1, { name: 'b' });
  const waiting = set(other, 1, { number: '8' });
  const late = await world.engine.connect({ kind: 'admin' });
  const alsoWaiting = set(late, 1, { number: '9' });
  await plain(world.admin, 'COMMIT');

  expect(said(await waiting)).toEqual(['201']);
  expect(said(await alsoWaiting)).toEqual(['201']);
  expect(await shownValue(other, 1, 'number')).toBe('9');
  await plain(world.admin, 'BEGIN');
  await set(world.admin, 1, { name: 'c' });
  const hopeless = set(other, 1, { number: '10' });
  await get(late, 1);
  await get(late, 1);
  world.clock.advance(30_000);
  expect(said(await hopeless)).toEqual(['306 CONFLICT 1', '401']);
});

test('two that wait for each other do not wait for the limit', async () => {
  await using world = await newWorld();
  const { admin } = world;
  const other = await world.engine.connect({ kind: 'admin' });
  for (const name of ['a', 'b']) await create(admin, 'Alpha', { name });
  for (const one of [admin, other]) await plain(one, 'BEGIN');
  await set(admin, 1, { name: 'x' });
  await set(other, 2, { name: 'y' });
  const waiting = set(admin, 2, { name: 'x' });

  expect(said(await set(other, 1, { name: 'y' }))).toEqual(['306 CONFLICT 1', '401']);
  await plain(other, 'BYE');
  expect(said(await waiting)).toEqual(['201']);
});

test('whoever may not change an object cannot keep others from it', async () => {
  await using world = await newWorld();
  await create(world.admin, 'Alpha', { name: 'a' });
  const nobody = await world.engine.connect({ kind: 'anonymous' });
  await plain(nobody, 'BEGIN');

  expect(said(await set(nobody, 1, { name: 'x' }))).toEqual(['304 name', '401']);
  expect(said(await destroy(nobody, 1))).toEqual(['304 DESTROY', '401']);
  expect(said(await set(world.admin, 1, { name: 'b' }))).toEqual(['201']);
});

test('writers of different objects do not wait for each other, even while a handler of one holds still', async () => {
  const held = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  await using world = await newWorld({
    conf: 'Alpha.note native:slow',
    native: {
      slow: async () => {
        started.resolve();
        await held.promise;
        return 'SUCCESS';
      },
    },
  });
  for (const name of ['a', 'b']) await create(world.admin, 'Alpha', { name });
  const other = await world.engine.connect({ kind: 'admin' });
  const slow = set(world.admin, 1, { note: 'x' });
  await started.promise;

  expect(said(await set(other, 2, { name: 'c' }))).toEqual(['201']);
  expect(await shownValue(other, 1, 'note')).toBe('');
  held.resolve();
  expect(said(await slow)).toEqual(['201']);
});

test('cce 17.90: a store that breaks in the middle of a commit has changed nothing, and the engine goes on', async () => {
  const { store, storage } = await newStore();
  await using _ = store;
  await using world = await newWorld({ storage });
  for (const name of ['a', 'b']) await create(world.admin, 'Unique', { name });
  await store.tables().schema.alterTable('codb_index').renameTo('codb_index_away').execute();

  await expect(set(world.admin, 1, { name: 'c' })).rejects.toThrow('codb_index');
  await store.tables().schema.alterTable('codb_index_away').renameTo('codb_index').execute();
  expect(await shownValue(world.admin, 1, 'name')).toBe('a');
  expect(said(await set(world.admin, 1, { name: 'd' }))).toEqual(['201']);
  expect(said(await find(world.admin, 'Unique', { name: 'd' }))).toEqual(['104 1', '201']);
});

test('a caller that goes away while its command waits changes nothing, and holds up nobody', async () => {
  await using world = await newWorld();
  const other = await world.engine.connect({ kind: 'admin' });
  await create(world.admin, 'Alpha', { name: 'a' });
  await plain(world.admin, 'BEGIN');
  await set(world.admin, 1, { name: 'b' });
  const gone = new AbortController();
  const command = other.execute({ verb: 'SET', oid: '1', namespace: '', values: new Map([['name', 'c']]) }, { signal: gone.signal });
  await get(world.admin, 1);
  gone.abort(new Error('gone'));

  await expect(command).rejects.toThrow('gone');
  expect(said(await plain(world.admin, 'COMMIT'))).toEqual(['201']);
  expect(said(await set(other, 1, { name: 'd' }))).toEqual(['201']);
});

test('when a handler fails for an object that somebody else holds, the caller hears of the conflict', async () => {
  await using world = await newWorld({
    conf: 'Alpha.name native:touch',
    native: { touch: async ({ connection }) => ((await set(connection, 2, { name: 'x' })).end === 201 ? 'SUCCESS' : 'FAIL') },
  });
  await create(world.admin, 'Alpha');
  await create(world.admin, 'Beta');
  const other = await world.engine.connect({ kind: 'admin' });
  await plain(other, 'BEGIN');
  await set(other, 2, { name: 'held' });
  const waiting = set(world.admin, 1, { name: 'y' });
  await get(other, 1);
  await get(other, 1);
  world.clock.advance(30_000);

  expect(said(await waiting)).toEqual(['306 CONFLICT 2', '401']);
  expect(said(await plain(other, 'COMMIT'))).toEqual(['201']);
  expect(said(await set(world.admin, 1, { name: 'y' }))).toEqual(['201']);
});

test('a store that is away while an object is locked leaves it free for the next writer', async () => {
  const storage = new MemoryStorage();
  let isAway = false;
  const read = storage.read.bind(storage);
  storage.read = async (oids) => (isAway ? Promise.reject(new Error('away')) : read(oids));
  await using world = await newWorld({ storage });
  await create(world.admin, 'Alpha');
  await get(world.admin, 1);
  isAway = true;
  await expect(set(world.admin, 1, { name: 'x' })).rejects.toThrow('away');
  isAway = false;

  expect(said(await set(world.admin, 1, { name: 'y' }))).toEqual(['201']);
});

test('a commit that is durable is told as such, also when what was reserved besides cannot be given back', async () => {
  const storage = new MemoryStorage();
  storage.release = async () => Promise.reject(new Error('away'));
  await using world = await newWorld({ storage });
  await create(world.admin, 'Beta', { name: 'a' });
  await plain(world.admin, 'BEGIN');
  await create(world.admin, 'Beta');
  await destroy(world.admin, 2);
  await set(world.admin, 1, { name: 'b' });

  expect(said(await plain(world.admin, 'COMMIT'))).toEqual(['201']);
  expect(world.warnings).toContain('reserved object ids could not be given back');
});

test('a transaction that nobody goes on with is discarded, and its connection is told at the next command, whatever that is', async () => {
  await using world = await newWorld();
  const { admin, clock } = world;
  const other = await world.engine.connect({ kind: 'admin' });
  await create(other, 'Alpha', { name: 'a' });
  await plain(admin, 'BEGIN');
  await set(admin, 1, { name: 'b' });
  clock.advance(299_000);
  expect(said(await create(admin, 'Beta'))).toEqual(['104 2', '201']);
  clock.advance(299_000);
  expect(await shownValue(admin, 1, 'name')).toBe('b');
  clock.advance(300_000);

  expect(said(await set(other, 1, { name: 'c' }))).toEqual(['201']);
  expect(said(await create(other, 'Beta'))).toEqual(['104 2', '201']);
  expect(said(await plain(admin, 'COMMIT'))).toEqual(['306 TRANSACTION TIMED OUT', '401']);
  expect(said(await plain(admin, 'COMMIT'))).toEqual(['402']);
  expect(await shownValue(admin, 1, 'name')).toBe('c');
});

test('a discarded transaction ends with BYE as any, and its writes are not carried out as single ones', async () => {
  await using world = await newWorld({ idleTransactionMs: 1000 });
  const one = await world.engine.connect({ kind: 'admin' });
  for (const connection of [one, world.admin]) await plain(connection, 'BEGIN');
  world.clock.advance(1000);

  expect(said(await plain(one, 'BYE'))).toEqual(['202']);
  expect(said(await create(world.admin, 'Beta'))).toEqual(['306 TRANSACTION TIMED OUT', '401']);
  expect(said(await find(world.admin, 'Beta'))).toEqual(['201']);
});

test('a command that takes longer than a transaction may wait is no waiting', async () => {
  const goOn = Promise.withResolvers<'SUCCESS'>();
  await using world = await newWorld({ conf: 'Beta._CREATE native:slow', native: { slow: () => goOn.promise }, idleTransactionMs: 1000 });
  await plain(world.admin, 'BEGIN');
  await create(world.admin, 'Beta');
  const commit = plain(world.admin, 'COMMIT');
  await find(await world.engine.connect({ kind: 'admin' }), 'Beta');
  world.clock.advance(10_000);
  goOn.resolve('SUCCESS');

  expect(said(await commit)).toEqual(['201']);
});

test('each commit is told once it is durable, with who did what', async () => {
  await using world = await newWorld();
  const commits: CommitRecord[] = [];
  const stop = world.engine.onCommit((commit) => commits.push(commit));
  await create(world.admin, 'Alpha', { name: 'a', list: '&x&' });
  await set(world.admin, 1, { name: 'a' });
  await set(world.admin, 1, { color: 'blue' }, 'Extra');
  await destroy(world.admin, 1);
  stop();
  await create(world.admin, 'Alpha');

  expect(commits).toMatchObject([
    { callerOid: '-1', callerName: 'admin flag', peer: 'test', changes: [{ oid: '1', class: 'Alpha', kind: 'create' }] },
    { changes: [{ oid: '1', kind: 'modify' }] },
    { changes: [{ oid: '1', kind: 'destroy' }] },
  ]);
  expect(commits.map(({ changes }) => changes[0]?.values)).toEqual([
    new Map([
      [
        '',
        new Map([
          ['name', 'a'],
          ['list', '&x&'],
        ]),
      ],
    ]),
    new Map([['Extra', new Map([['color', 'blue']])]]),
    new Map(),
  ]);
});

test('a dry run says what would be, and leaves everything as it is', async () => {
  const stages: string[] = [];
  const stage = (name: string) => async () => {
    stages.push(name);
    return 'SUCCESS' as const;
  };
  await using world = await newWorld({
    conf: 'Alpha.* native:check VALIDATE\nAlpha._CREATE native:check VALIDATE\nAlpha.* native:make EXECUTE\nAlpha.* native:clean CLEANUP.rollback',
    native: { check: stage('check'), make: stage('make'), clean: stage('clean') },
  });
  await create(world.admin, 'Alpha', { name: 'a' });
  stages.length = 0;
  const values = new Map([['name', 'b']]);
  const dryRun = { dryRun: true };

  expect(said(await world.admin.execute({ verb: 'SET', oid: '1', namespace: '', values }, dryRun))).toEqual(['201']);
  expect(said(await world.admin.execute({ verb: 'CREATE', class: 'Alpha', values }, dryRun))).toEqual(['104 2', '201']);
  expect(said(await world.admin.execute({ verb: 'DESTROY', oid: '1' }, dryRun))).toEqual(['201']);
  expect(said(await world.admin.execute({ verb: 'SET', oid: '1', namespace: '', values: new Map([['x', '']]) }, dryRun))).toEqual([
    '302 1 x [[base-cce.unknownAttr]]',
    '401',
  ]);
  expect(stages).toEqual(['check', 'check']);
  expect(said(await find(world.admin, 'Alpha'))).toEqual(['104 1', '201']);
  expect(await shownValue(world.admin, 1, 'name')).toBe('a');
});

test('a connection that is made while the engine stops is refused', async () => {
  const storage = new MemoryStorage();
  const world = await newWorld({ storage });
  const asked = Promise.withResolvers<undefined>();
  storage.getFact = () => asked.promise;
  const late = world.engine.connect({ kind: 'admin' });
  await world[Symbol.asyncDispose]();
  asked.resolve(undefined);

  await expect(late).rejects.toMatchObject({ code: 'CCE_ENGINE_CLOSED' });
});

test('an engine that stops discards what is open and refuses what comes later', async () => {
  const clock = new ManualClock();
  const { store, storage } = await newStore(':memory:', clock);
  await using _ = store;
  const world = await newWorld({ storage });
  await create(world.admin, 'Alpha', { name: 'a' });
  const other = await world.engine.connect({ kind: 'admin' });
  await plain(world.admin, 'BEGIN');
  await set(world.admin, 1, { name: 'b' });
  const waiting = set(other, 1, { name: 'c' });
  const refused = expect(waiting).rejects.toMatchObject({ code: 'CCE_ENGINE_CLOSED' });
  await until(async () => other.state === 'CMD');
  await world[Symbol.asyncDispose]();

  await refused;
  await expect(world.engine.connect({ kind: 'admin' })).rejects.toMatchObject({ code: 'CCE_ENGINE_CLOSED' });
  await using again = await newWorld({ storage });
  expect(await shownValue(again.admin, 1, 'name')).toBe('a');
});
