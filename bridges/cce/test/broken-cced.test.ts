import { join } from 'node:path';
import type { Operation } from '@fairlead/cscp/codec';
import { broken, type Fault, serving, startPeer } from '@fairlead/cscp/fake';
import { systemClock } from '@fairlead/kernel/clock';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { SocketBackend } from '../src/service/backends/index.ts';

const WRITE: Operation = { verb: 'SET', oid: '5', namespace: '', values: new Map([['name', 'x']]) };
const NOBODY = { kind: 'anonymous' } as const;
const SCHEMA = { classes: new Map(), rules: new Map(), typedefs: new Map() };

async function openStand(script: Parameters<typeof startPeer>[1], timeoutMs = 5000) {
  const folder = await tempDir('bc-');
  const socketPath = join(folder.path, 's');
  const peer = await startPeer(socketPath, script);
  const captured = captureLog();
  const options = { schema: SCHEMA, serviceCredentials: async () => 'secret', clock: systemClock, log: captured.log };
  const backend = new SocketBackend({ socketPath, timeoutMs, ...options });
  const execute = (operation = WRITE) => backend.use(NOBODY, (one) => one.execute(operation), AbortSignal.timeout(15_000));
  const close = async () => {
    await backend[Symbol.asyncDispose]();
    await peer[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  };
  return { peer, backend, execute, captured, folder, [Symbol.asyncDispose]: close };
}

/** Every line of every connection that is the write. */
function writesIn(heard: readonly (readonly string[])[]): number {
  return heard.flat().filter((line) => line.startsWith('SET')).length;
}

const LOST: readonly Fault[] = ['cut-in-line', 'cut-in-reply', 'cut-before-reply', 'garbage', 'wrong-code', 'wrong-reply', 'shutting-down'];

test.each(LOST)('a write whose reply is lost (%s) is reported and not sent again', async (fault) => {
  await using stand = await openStand(broken(fault, { after: 1 }));
  const error = await stand.execute().catch((one: unknown) => one);
  if (fault === 'shutting-down') expect(error).toMatchObject({ end: 998 });
  else
    expect(error).toMatchObject({ code: 'CCE_BACKEND_UNREACHABLE', status: 502, message: expect.stringMatching(/^CCE backend error: .+/) });
  expect(writesIn(stand.peer.heard)).toBe(1);
});

test.each(LOST)('a write whose reply is lost on a connection that was kept (%s) is not sent again either', async (fault) => {
  await using stand = await openStand(broken(fault, { after: 3 }));
  await stand.execute({ verb: 'WHOAMI' });
  await stand.execute({ verb: 'WHOAMI' });
  expect(stand.peer.heard).toHaveLength(1);
  await stand.execute().catch(() => undefined);
  expect(writesIn(stand.peer.heard)).toBe(1);
});

test('a connection that the server closed while it rested is replaced before the write is sent', async () => {
  await using stand = await openStand(serving({ after: 2 }));
  await stand.execute({ verb: 'WHOAMI' });
  await until(() => stand.backend.stats.idle === 0, { what: 'the end of the kept connection' });
  expect(await stand.execute()).toMatchObject({ end: 201 });
  expect(writesIn(stand.peer.heard)).toBe(1);
  expect(stand.peer.heard).toHaveLength(2);
});

test.each<[Fault, string]>([
  ['late', 'CCE_BACKEND_TIMEOUT'],
  ['silent', 'CCE_BACKEND_TIMEOUT'],
  ['cut-before-greeting', 'CCE_BACKEND_UNREACHABLE'],
  ['cut-in-greeting', 'CCE_BACKEND_UNREACHABLE'],
  ['not-ready', 'CCE_BACKEND_UNREACHABLE'],
  ['no-connection-left', 'CCE_BACKEND_UNREACHABLE'],
  ['other-protocol', 'CCE_BACKEND_UNREACHABLE'],
])('a cced that is %s gives %s', async (fault, code) => {
  await using stand = await openStand(broken(fault, { after: 1 }), 100);
  await expect(stand.execute()).rejects.toMatchObject({ code });
  expect(writesIn(stand.peer.heard)).toBe(fault === 'late' ? 1 : 0);
});

test('cce 1.1: whoever showed no credentials has no rights, though a cced gives them to connections of root', async () => {
  await using stand = await openStand(serving());
  await stand.execute();
  expect(stand.peer.heard).toEqual([['AUTH "" ""', 'SET 5 name = "x"']]);
});

test('a second final line makes the connection useless for the next caller', async () => {
  await using stand = await openStand(async (peer) => (peer.index === 0 ? broken('two-finals', { after: 1 })(peer) : serving()(peer)));
  await stand.execute({ verb: 'WHOAMI' }).catch(() => undefined);
  expect(await stand.execute({ verb: 'WHOAMI' })).toMatchObject({ end: 201, lines: [{ code: 104, oid: '6' }] });
  expect(stand.peer.heard).toHaveLength(2);
});

test('no cced at all is said as such, once in the log, and so is its return', async () => {
  await using stand = await openStand(serving());
  await stand.peer[Symbol.asyncDispose]();
  for (let attempt = 0; attempt < 3; attempt += 1)
    await expect(stand.execute()).rejects.toMatchObject({ code: 'CCE_BACKEND_UNREACHABLE', status: 502 });
  expect(await stand.backend.health(AbortSignal.timeout(5000))).toMatchObject({ ok: false });
  await using _back = await startPeer(join(stand.folder.path, 's'), serving());
  expect(await stand.execute()).toMatchObject({ end: 201 });
  expect(stand.captured.lines().map((line) => line.msg)).toEqual(['BACKEND down', 'BACKEND up']);
});

test('commands that cannot be written are answered here, and the others of their group are sent', async () => {
  await using stand = await openStand(serving());
  const nul: Operation = { verb: 'SET', oid: '5', namespace: '', values: new Map([['name', 'a\0b']]) };
  const operations: readonly Operation[] = [{ verb: 'WHOAMI' }, nul, WRITE, { verb: 'NAMES', of: 'a\nDESTROY 1' }];
  const replies = await stand.backend.use(NOBODY, (one) => one.executeAll(operations), AbortSignal.timeout(15_000));
  expect(replies.map((reply) => reply.end)).toEqual([201, 402, 201, 401]);
  expect(stand.peer.heard).toEqual([['AUTH "" ""', 'WHOAMI', 'SET 5 name = "x"']]);
});
