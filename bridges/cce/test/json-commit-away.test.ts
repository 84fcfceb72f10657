import { join } from 'node:path';
import { broken, plainAnswer, serving, startPeer } from '@fairlead/cscp/fake';
import type { Engine } from '@fairlead/engine-cce';
import { systemClock } from '@fairlead/kernel/clock';
import { tempDir } from '@fairlead/testkit/temp';
import { expect, test } from 'vitest';
import { SocketBackend } from '../src/service/backends/index.ts';
import { openCscpServer } from '../src/socket/index.ts';
import { type JsonRig, startJsonRig } from './support/json-rig.ts';

const NONE = { status: 400, message: 'No active transaction' };
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A cced that goes and comes back, and the face over it. */
async function startAwayRig(timeoutMs = 5000) {
  const folder = await tempDir('aw-');
  const socketPath = join(folder.path, 's');
  let engine: Engine | undefined;
  let server: AsyncDisposable | undefined;
  const goAway = async () => await server?.[Symbol.asyncDispose]();
  const comeBack = async () => {
    if (engine !== undefined) server = await openCscpServer({ engine, serveSocket: socketPath, stopMs: 50, log: SILENT });
  };
  const open = async (opened: Engine) => {
    engine = opened;
    await comeBack();
    const options = { schema: engine.schema, serviceCredentials: async () => undefined, clock: systemClock, log: SILENT };
    return new SocketBackend({ socketPath, timeoutMs, ...options });
  };
  const rig = await startJsonRig({ stand: { name: 'away', open } });
  const close = async () => {
    await goAway();
    await rig[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  };
  return { rig, socketPath, goAway, comeBack, [Symbol.asyncDispose]: close };
}

async function begin(rig: JsonRig, commands: readonly string[], more: object = {}) {
  const who = await rig.login();
  const ask = (body: object) => rig.call({ ...who, ...body });
  await ask({ cmd: 'BEGIN', ...more });
  for (const cmd of commands) await ask({ cmd });
  return ask;
}

test.each([{}, { refs: true }, { atomic: false }])('a transaction waits for a backend that is away (BEGIN with %j)', async (more) => {
  await using stand = await startAwayRig();
  const { rig } = stand;
  const ask = await begin(rig, ['SET 56 description="kept"', 'SET 58 description="kept too"'], more);
  await stand.goAway();
  for (let round = 0; round < 2; round += 1) {
    expect(await ask({ cmd: 'COMMIT' })).toMatchObject({ http: 502, json: { status: 502 } });
    expect([...(await rig.transactions.heldOids())].toSorted()).toEqual([56, 58]);
  }
  await stand.comeBack();
  expect((await ask({ cmd: 'COMMIT' })).json).toMatchObject({ status: 201, data: { results: [{ index: 0 }, { index: 1 }] } });
  expect((await ask({ cmd: 'GET 58' })).json).toMatchObject({ data: { DATA: { description: 'kept too' } } });
  expect((await ask({ cmd: 'COMMIT' })).json).toEqual(NONE);
});

test('a transaction waits for a backend that does not even greet', async () => {
  await using stand = await startAwayRig(500);
  const ask = await begin(stand.rig, ['SET 56 description="patient"']);
  await stand.goAway();
  await using peer = await startPeer(stand.socketPath, broken('silent'));
  expect((await ask({ cmd: 'COMMIT' })).http).toBe(504);
  await peer[Symbol.asyncDispose]();
  await stand.comeBack();
  expect((await ask({ cmd: 'COMMIT' })).json).toMatchObject({ status: 201, data: { results: [{ index: 0 }] } });
});

test('a transaction that was put back ends when it would have ended', async () => {
  await using stand = await startAwayRig();
  const ask = await begin(stand.rig, ['SET 56 description="late"']);
  await stand.goAway();
  stand.rig.clock.advance(200_000);
  expect((await ask({ cmd: 'COMMIT' })).http).toBe(502);
  await stand.comeBack();
  stand.rig.clock.advance(100_001);
  expect((await ask({ cmd: 'COMMIT' })).json).toEqual(NONE);
});

test('a transaction that was begun meanwhile is not overwritten', async () => {
  await using rig = await startJsonRig();
  const owner = { key: 'k', user: 'admin' };
  await rig.transactions.begin(owner, { refs: false, atomic: undefined });
  await rig.transactions.add(owner, { verb: 'DESTROY', oid: '5' });
  const taken = await rig.transactions.take(owner);
  await rig.transactions.begin(owner, { refs: true, atomic: undefined });
  if (taken !== undefined) await rig.transactions.putBack(taken);
  expect(await rig.transactions.take(owner)).toMatchObject({ refs: true, operations: [] });
  expect([...(await rig.transactions.heldOids())]).toEqual([]);
});

/** Answers well until a word comes. */
const goingAt = (word: string) => serving({ answer: (line) => (line.startsWith(word) ? '998 SHUTTING DOWN\n' : plainAnswer(line)) });

test.each([
  ['is cut off behind BEGIN', broken('cut-before-reply', { after: 2 }), {}],
  ['shuts down at the first command', goingAt('SET'), {}],
  ['shuts down at the end', goingAt('COMMIT'), {}],
  ['is cut off behind the first command', broken('cut-in-line', { after: 2 }), { atomic: false }],
])('a transaction of which something may have been sent is not kept: the backend %s', async (_, script, more) => {
  await using stand = await startAwayRig();
  const ask = await begin(stand.rig, ['SET 56 description="once"'], more);
  await stand.goAway();
  await using peer = await startPeer(stand.socketPath, script);
  await ask({ cmd: 'COMMIT' });
  expect(peer.heard.flat().some((line) => line.startsWith('BEGIN') || line.startsWith('SET'))).toBe(true);
  expect((await ask({ cmd: 'COMMIT' })).json).toEqual(NONE);
});
