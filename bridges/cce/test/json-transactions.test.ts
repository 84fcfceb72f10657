import { describe, expect, test } from 'vitest';
import { type JsonRig, startJsonRig } from './support/json-rig.ts';
import { STANDS } from './support/stands.ts';

const QUEUED = { status: 100, message: 'QUEUED' };
const NONE = { status: 400, message: 'No active transaction' };

interface Committed {
  readonly status: number;
  readonly data: { readonly results: readonly object[]; readonly errors?: readonly object[] };
}

async function begin(
  rig: JsonRig,
  more: object = {},
): Promise<{ ask: (body: object) => Promise<Record<string, unknown>>; commit: () => Promise<Committed> }> {
  const who = await rig.login();
  const ask = async (body: object) => (await rig.call({ ...who, ...body })).json;
  expect(await ask({ cmd: 'BEGIN', ...more })).toEqual({ status: 201, message: 'BEGIN OK' });
  return { ask, commit: async () => (await ask({ cmd: 'COMMIT' })) as unknown as Committed };
}

describe.each(STANDS)('transactions over $name', (stand) => {
  test('cce 17.120: a transaction of which one command fails changes nothing', async () => {
    await using rig = await startJsonRig({ stand });
    const before = await rig.snapshot();
    const { ask, commit } = await begin(rig);
    await ask({ cmd: 'SET 56 description="Testing"' });
    await ask({ cmd: 'CREATE', class: 'mx2', data: { domain: 'a.test', mapto: 'b.test' } });
    await ask({ cmd: 'SET 58 a="1" b="2" password="of-mine-alone"' });
    await ask({ cmd: 'DESTROY 9999' });
    await ask({ cmd: 'CREATE Foo' });
    await ask({ cmd: 'SET 6 . none a="b"' });
    const { status, data } = await commit();
    expect(status).toBe(409);
    expect(data.results).toMatchObject([
      { index: 0, status: 201, message: 'OK', rolled_back: true },
      { index: 1, status: 201, rolled_back: true, oid: '37' },
      {
        command: 'SET 58 a = "1" b = "2" password = "xxx"',
        status: 302,
        message: 'BAD DATA',
        error: 'Error: 302 BAD DATA 58 a "[[base-cce.unknownAttr]]"',
        errors: [{ code: 302, message: 'BAD DATA 58 b "[[base-cce.unknownAttr]]"' }],
      },
      { status: 300, message: 'UNKNOWN OBJECT', error: 'Error: 300 UNKNOWN OBJECT 9999' },
      { status: 301, message: 'UNKNOWN CLASS', error: 'Error: 301 UNKNOWN CLASS Foo' },
      { status: 303, message: 'UNKNOWN NAMESPACE', error: 'Error: 303 UNKNOWN NAMESPACE none' },
    ]);
    expect(data.errors).toEqual(data.results.slice(2));
    expect(await rig.snapshot()).toBe(before);
  });

  test('cce 17.121: one by one, what can stay does', async () => {
    await using rig = await startJsonRig({ stand });
    const { ask, commit } = await begin(rig, { atomic: false });
    await ask({ cmd: 'SET 56 description="Testing"' });
    await ask({ cmd: 'SET 58 nosuch="Testing"' });
    expect(await commit()).toMatchObject({ status: 409, data: { results: [{ status: 201 }, { status: 302 }] } });
    expect(await ask({ cmd: 'FIND User description="Testing"' })).toMatchObject({ data: { oidlist: ['56'] } });
  });

  test('cce 17.122, 17.123: reads answer at once, and what cannot be a command is not queued', async () => {
    await using rig = await startJsonRig({ stand });
    const { ask, commit } = await begin(rig);
    expect(await ask({ cmd: 'SET 56 description="new"' })).toEqual(QUEUED);
    expect(await ask({ cmd: 'GET 56' })).toMatchObject({ data: { DATA: { description: '' } } });
    expect(await ask({ cmd: 'FIND User name="user1"' })).toMatchObject({ data: { oidlist: ['56'] } });
    expect(await ask({ cmd: 'GETALL', oids: ['56'], props: 'name' })).toMatchObject({ status: 201 });
    expect(await ask({ cmd: 'WHOAMI' })).toMatchObject({ data: { oid: '6' } });
    expect(await ask({ cmd: 'PING' })).toMatchObject({ status: 202 });
    expect(await ask({ cmd: 'SET 56 description' })).toMatchObject({ status: 403 });
    expect(await ask({ cmd: 'SET 56 description="x' })).toMatchObject({ status: 402 });
    expect(await ask({ cmd: 'DESTROY', oid: 'x' })).toMatchObject({ status: 403 });
    expect(await ask({ cmd: 'SET', oid: '$0.oid', data: { a: 'b' } })).toMatchObject({ status: 403 });
    expect(await ask({ cmd: 'SUSPEND' })).toMatchObject({ status: 402 });
    expect((await commit()).data.results).toHaveLength(1);
    expect(await ask({ cmd: 'GET 56' })).toMatchObject({ data: { DATA: { description: 'new' } } });
  });

  test('cce 17.125: a handler that refuses at COMMIT undoes everything and says why', async () => {
    await using rig = await startJsonRig({
      stand,
      bindings: [{ file: 'test.conf', text: 'User.description native:refusing\n' }],
      handlers: {
        refusing: async ({ connection }) => {
          await connection.execute({ verb: 'BADDATA', oid: '56', key: 'description', message: '[[test.no]]' });
          await connection.execute({ verb: 'INFO', message: 'no' });
          return 'FAIL';
        },
      },
    });
    const before = await rig.snapshot();
    const { ask, commit } = await begin(rig);
    await ask({ cmd: 'SET 58 sortName="a"' });
    await ask({ cmd: 'SET 56 description="b"' });
    expect(await commit()).toMatchObject({
      status: 409,
      data: {
        errors: [
          { command: 'COMMIT', index: -1, status: 302, message: 'BAD DATA', error: 'Error: 302 BAD DATA 56 description "[[test.no]]"' },
        ],
        results: [
          { status: 201, message: 'OK', rolled_back: true },
          { status: 201, message: 'OK', rolled_back: true },
        ],
        rolled_back: true,
        infos: [{ code: 106, message: 'INFO "no"' }],
      },
    });
    expect(await rig.snapshot()).toBe(before);
  });

  test('cce 17.127: CREATE tells its object, and later commands may name it', async () => {
    await using rig = await startJsonRig({ stand });
    const { ask, commit } = await begin(rig, { refs: true });
    await ask({ cmd: 'CREATE', class: 'mx2', data: { domain: 'a.test', mapto: 'b.test' } });
    expect(await ask({ cmd: 'SET', oid: '$0.oid', data: { mapto: 'c.test' } })).toEqual(QUEUED);
    await ask({ cmd: 'SET 56 description="$0.oid" sortName="$$0.oid"' });
    const { data } = await commit();
    expect(data.results).toMatchObject([{ oid: '37' }, { command: 'SET "$0.oid" mapto = "c.test"', status: 201 }, { status: 201 }]);
    expect(await ask({ cmd: 'GET 37' })).toMatchObject({ data: { DATA: { mapto: 'c.test' } } });
    expect(await ask({ cmd: 'GET 56' })).toMatchObject({ data: { DATA: { description: '37', sortName: '$0.oid' } } });
    await ask({ cmd: 'BEGIN', refs: true });
    await ask({ cmd: 'SET', oid: '$7.oid', data: { description: 'x' } });
    expect(await commit()).toMatchObject({ status: 409, data: { errors: [{ index: 0, status: 403, message: 'BAD PARAMETERS' }] } });
  });
});

test('cce 17.124: transactions begin anew, end with the session, and hold only so much', async () => {
  await using rig = await startJsonRig({ limits: { commands: 2, bytes: 400 } });
  const { ask } = await begin(rig);
  await ask({ cmd: 'SET 56 description="a"' });
  expect(await ask({ cmd: 'BEGIN' })).toEqual({ status: 201, message: 'BEGIN OK', data: { discarded: 1 } });
  await ask({ cmd: 'SET 56 description="b"' });
  expect(await ask({ cmd: 'SET', oid: '56', data: { description: 'x'.repeat(400) } })).toEqual({
    status: 409,
    message: 'Transaction queue full',
  });
  expect(await ask({ cmd: 'SET 56 sortName="c"' })).toEqual(QUEUED);
  expect(await ask({ cmd: 'SET 56 sortName="d"' })).toEqual({ status: 409, message: 'Transaction queue full' });
  expect(await ask({ cmd: 'BYE' })).toMatchObject({ status: 201 });
  expect(await ask({ cmd: 'COMMIT' })).toEqual(NONE);
  await ask({ cmd: 'BEGIN' });
  await ask({ cmd: 'SET 56 description="late"' });
  rig.clock.advance(300_001);
  expect(await ask({ cmd: 'COMMIT' })).toEqual(NONE);
  expect(await ask({ cmd: 'GET 56' })).toMatchObject({ data: { DATA: { description: '' } } });
});

test('of two COMMITs at once one carries out, and a queue keeps the numbers that it names', async () => {
  await using rig = await startJsonRig();
  const { ask } = await begin(rig);
  await ask({ cmd: 'SET 56 description="once"' });
  expect([...(await rig.transactions.heldOids())]).toEqual([56]);
  const both = await Promise.all([ask({ cmd: 'COMMIT' }), ask({ cmd: 'COMMIT' })]);
  expect(both.map(({ status }) => status).sort()).toEqual([201, 400]);
  expect([...(await rig.transactions.heldOids())]).toEqual([]);
});

test('a session that ended before COMMIT loses its transaction', async () => {
  await using rig = await startJsonRig();
  const who = await rig.login();
  const ask = async (body: object) => await rig.call({ ...who, ...body });
  await ask({ cmd: 'BEGIN' });
  await ask({ cmd: 'SET 56 description="x"' });
  await rig.engine.endSession(who.sessionid);
  const gone = await ask({ cmd: 'COMMIT' });
  expect([gone.http, gone.json]).toEqual([401, { status: 401, message: 'AUTHKEY failed: session invalid or expired' }]);
  expect((await ask({ cmd: 'COMMIT' })).json).toEqual(NONE);
});

test('cce 17.126: sessions have transactions of their own, and whoever shows nothing has none', async () => {
  await using rig = await startJsonRig();
  const [one, two] = [await rig.login(), await rig.login()];
  await rig.call({ ...one, cmd: 'BEGIN' });
  expect((await rig.call({ ...two, cmd: 'SET 56 description="now"' })).json).toEqual({ status: 201, message: 'GOODBYE' });
  expect((await rig.call({ ...two, cmd: 'COMMIT' })).json).toEqual(NONE);
  // The name of another user with the session of this one opens nothing.
  expect((await rig.call({ ...one, user: 'user1', cmd: 'SET 56 description="stolen"' })).json).toMatchObject({ status: 401 });
  expect((await rig.call({ ...one, user: 'user1', cmd: 'COMMIT' })).json).toEqual(NONE);
  expect((await rig.call({ cmd: 'BEGIN', sessionid: '', user: 'admin' })).json).toMatchObject({ status: 401 });
  expect((await rig.call({ ...one, cmd: 'COMMIT' })).json).toMatchObject({ data: { results: [] } });
});

test('reads wait as well when the configuration says so, and COMMIT tells what they found', async () => {
  await using rig = await startJsonRig({ settings: { dtsQueueReads: true } });
  const { ask, commit } = await begin(rig);
  expect(await ask({ cmd: 'SET 56 description="q"' })).toEqual(QUEUED);
  expect(await ask({ cmd: 'GET 56 . Disk' })).toEqual(QUEUED);
  expect(await ask({ cmd: 'FIND', class: 'User', args: { description: 'q' } })).toEqual(QUEUED);
  expect(await ask({ cmd: 'NAMES 35' })).toEqual(QUEUED);
  expect((await commit()).data.results).toMatchObject([
    { status: 201 },
    { command: 'GET 56 . Disk', data: { DATA: { quota: '20' } } },
    { command: 'FIND User description = "q"', data: { oidlist: ['56'] } },
    { data: { namespaces: [] } },
  ]);
});

test('a suspended engine refuses COMMIT and says why', async () => {
  await using rig = await startJsonRig();
  const { ask, commit } = await begin(rig);
  const other = await rig.login();
  await ask({ cmd: 'SET 56 description="x"' });
  await rig.call({ ...other, cmd: 'SUSPEND', reason: 'work' });
  expect(await commit()).toMatchObject({
    status: 409,
    data: { errors: [{ command: 'COMMIT', index: -1, status: 309, message: 'SUSPENDED', error: 'Error: 309 SUSPENDED "work"' }] },
  });
});
