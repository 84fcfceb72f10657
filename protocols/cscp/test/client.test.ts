import { setTimeout as wait } from 'node:timers/promises';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import type { Operation } from '../src/codec/index.ts';
import { broken, type Fault, GREETING, plainAnswer, serving } from '../src/fake/index.ts';
import { CscpClient, CscpError } from '../src/index.ts';
import { peerWith } from './support/peer.ts';
import { startServer } from './support/server.ts';
import { SmallTarget } from './support/target.ts';

const WHOAMI: Operation = { verb: 'WHOAMI' };
const GET: Operation = { verb: 'GET', oid: '5', namespace: '' };
const set = (pairs: Record<string, string>): Operation => ({
  verb: 'SET',
  oid: '5',
  namespace: '',
  values: new Map(Object.entries(pairs)),
});

const codeOf = (error: unknown): string => (error instanceof CscpError ? error.code : `other: ${String(error)}`);

test('overlapping calls are pipelined, and each gets the reply of its place', async () => {
  const target = new SmallTarget();
  await using server = await startServer(() => target);
  await using client = await CscpClient.connect({ socketPath: server.socketPath });
  const replies = await Promise.all([
    client.execute(set({ a: '1', warned: 'x' })),
    client.execute(GET),
    client.execute(set({ bad: '1' })),
    client.execute({ verb: 'GET', oid: '9999', namespace: '' }),
    client.execute({ verb: 'HELP' }),
    client.execute(WHOAMI),
  ]);
  expect(replies.map(({ lines, end }) => [...lines.map(({ code }) => code), end])).toEqual([
    [305, 201],
    [102, 102, 102, 201],
    [302, 401],
    [300, 401],
    [0, 201],
    [104, 201],
  ]);
  expect(replies[0]?.lines).toEqual([{ code: 305, text: '201 OK\n' }]);
});

test('several commands at once are sent together; a refusal of one does not stop the next', async () => {
  const target = new SmallTarget();
  await using server = await startServer(() => target);
  await using client = await CscpClient.connect({ socketPath: server.socketPath });
  const replies = await client.executeAll([set({ bad: '1' }), set({ a: '2' }), GET]);
  expect(replies.map(({ end }) => end)).toEqual([401, 201, 201]);
  expect(await client.executeAll([])).toEqual([]);
});

test('a command that cannot be sent leaves the connection alone, and nothing of its batch is sent', async () => {
  await using peer = await peerWith(serving());
  await using client = await CscpClient.connect({ socketPath: peer.socketPath, maxRequestBytes: 100 });
  const bad: Operation = { verb: 'GET', oid: '5\nDESTROY 6', namespace: '' };
  await expect(client.execute(bad)).rejects.toMatchObject({ code: 'CSCP_BAD_NAME', sent: false });
  await expect(client.executeAll([WHOAMI, bad])).rejects.toMatchObject({ code: 'CSCP_BAD_NAME' });
  await expect(client.execute(set({ a: 'x'.repeat(100) }))).rejects.toMatchObject({ code: 'CSCP_TOO_LARGE', sent: false });
  await client.execute(WHOAMI);
  expect(peer.heard).toEqual([['WHOAMI']]);
});

const OPENINGS: readonly (readonly [Fault, string])[] = [
  ['cut-before-greeting', 'CSCP_CLOSED'],
  ['cut-in-greeting', 'CSCP_CLOSED'],
  ['not-ready', 'CSCP_NOT_READY'],
  ['no-connection-left', 'CSCP_NOT_READY'],
  ['other-protocol', 'CSCP_PROTOCOL'],
  ['silent', 'CSCP_TIMEOUT'],
];

test.each(OPENINGS)('a server that does not greet (%s) is %s, and its socket is closed', async (fault, code) => {
  await using peer = await peerWith(broken(fault));
  const attempt = CscpClient.connect({ socketPath: peer.socketPath, timeoutMs: fault === 'silent' ? 30 : 5000 });
  await expect(attempt).rejects.toMatchObject({ code });
  await until(() => peer.open === 0);
});

test('a server that says more than its greeting, or greets without end, is refused', async () => {
  await using chatty = await peerWith((peer) => peer.say(`${GREETING}201 OK\n`));
  await expect(CscpClient.connect({ socketPath: chatty.socketPath })).rejects.toMatchObject({ code: 'CSCP_PROTOCOL' });
  await using endless = await peerWith((peer) => peer.say(`100 CSCP/0.99\n${'101 EVENT 5.a.b\n'.repeat(200_000)}`));
  await expect(CscpClient.connect({ socketPath: endless.socketPath })).rejects.toMatchObject({ code: 'CSCP_TOO_LARGE' });
});

test('nobody at the path is unreachable', async () => {
  await expect(CscpClient.connect({ socketPath: '/nonexistent/cced.socket' })).rejects.toMatchObject({
    code: 'CSCP_UNREACHABLE',
    sent: false,
  });
});

test('the attempt to connect ends with its signal', async () => {
  await using peer = await peerWith(broken('silent'));
  const leaving = new AbortController();
  const attempt = CscpClient.connect({ socketPath: peer.socketPath, signal: leaving.signal });
  await until(() => peer.open === 1);
  leaving.abort();
  await expect(attempt).rejects.toMatchObject({ code: 'CSCP_ABORTED' });
  await expect(CscpClient.connect({ socketPath: peer.socketPath, signal: leaving.signal })).rejects.toMatchObject({ code: 'CSCP_ABORTED' });
  await until(() => peer.open === 0);
});

const FAULTS: readonly (readonly [Fault, string])[] = [
  ['cut-in-line', 'CSCP_CLOSED'],
  ['cut-in-reply', 'CSCP_CLOSED'],
  ['cut-before-reply', 'CSCP_CLOSED'],
  ['late', 'CSCP_TIMEOUT'],
  ['garbage', 'CSCP_PROTOCOL'],
  ['wrong-code', 'CSCP_PROTOCOL'],
  ['wrong-reply', 'CSCP_PROTOCOL'],
  ['endless-reply', 'CSCP_TOO_LARGE'],
  ['endless-line', 'CSCP_TOO_LARGE'],
];

test.each(FAULTS)('a reply that is %s gives %s to all that wait, and the connection is never used again', async (fault, code) => {
  await using peer = await peerWith(broken(fault, { after: 1 }));
  const options = { socketPath: peer.socketPath, maxReplyBytes: 200_000, timeoutMs: fault === 'late' ? 50 : 5000 };
  const client = await CscpClient.connect(options);
  expect((await client.execute(WHOAMI)).end).toBe(201);
  const codes = await Promise.all([client.execute(GET).catch(codeOf), client.execute(GET).catch(codeOf)]);
  expect(codes).toEqual([code, fault === 'late' ? 'CSCP_CLOSED' : code]);
  expect(client.usable).toBe(false);
  expect(client.failure?.sent).toBe(true);
  await expect(client.execute(WHOAMI)).rejects.toMatchObject({ code: 'CSCP_CLOSED', sent: false });
  await client.closed;
  await until(() => peer.open === 0);
});

test('a second final line makes no reply: the connection is given up', async () => {
  await using peer = await peerWith(broken('two-finals'));
  const client = await CscpClient.connect({ socketPath: peer.socketPath });
  expect((await client.execute(WHOAMI)).end).toBe(201);
  await client.closed;
  expect(client.failure?.code).toBe('CSCP_PROTOCOL');
});

test('a stray final line is never taken for the reply of a command that has one of its own', async () => {
  await using peer = await peerWith(serving({ answer: () => '201 OK\n' }));
  for (const operation of [WHOAMI, GET, { verb: 'CREATE', class: 'User', values: new Map() } as const, { verb: 'BYE' } as const]) {
    const client = await CscpClient.connect({ socketPath: peer.socketPath });
    await expect(client.execute(operation)).rejects.toMatchObject({ code: 'CSCP_PROTOCOL' });
  }
});

test('a reply of 998 is given, and ends the connection', async () => {
  await using peer = await peerWith(broken('shutting-down'));
  const client = await CscpClient.connect({ socketPath: peer.socketPath });
  expect(await client.execute(WHOAMI)).toEqual({ lines: [], end: 998 });
  expect(client.usable).toBe(false);
});

test('an abort before anything is sent leaves the connection alone; one on the way destroys it', async () => {
  await using peer = await peerWith(broken('late', { after: 1 }));
  const client = await CscpClient.connect({ socketPath: peer.socketPath });
  await expect(client.execute(WHOAMI, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CSCP_ABORTED', sent: false });
  await client.execute(WHOAMI);
  const leaving = new AbortController();
  const waiting = client.execute(GET, { signal: leaving.signal });
  await until(() => peer.heard[0]?.length === 2);
  leaving.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'CSCP_ABORTED', sent: true });
  expect(client.usable).toBe(false);
});

test('HELP of the original, which has no end, is read to its end', async () => {
  const answer = (line: string): string => (line === 'HELP' ? 'BYE : ends\nGET oid : shows\n' : plainAnswer(line));
  await using peer = await peerWith(serving({ answer }));
  await using client = await CscpClient.connect({ socketPath: peer.socketPath });
  const [help, oid] = await client.executeAll([{ verb: 'HELP' }, WHOAMI]);
  const lines = ['BYE : ends', 'GET oid : shows'].map((text) => ({ code: 0, text }));
  expect(help).toEqual({ lines, end: 201 });
  expect(oid).toEqual({ lines: [{ code: 104, oid: '6' }], end: 201 });
  expect(client.pending).toBe(0);
});

test('each of many replies has the whole time, counted from the one before', async () => {
  await using server = await startServer(() => {
    const target = new SmallTarget();
    target.before = () => wait(30);
    return target;
  });
  await using client = await CscpClient.connect({ socketPath: server.socketPath, timeoutMs: 400 });
  const replies = await client.executeAll(Array.from({ length: 20 }, () => WHOAMI));
  expect(replies.length).toBe(20);
});

test('close says BYE when nothing is on its way', async () => {
  await using peer = await peerWith(serving());
  const client = await CscpClient.connect({ socketPath: peer.socketPath });
  await client.close();
  expect(peer.heard).toEqual([['BYE']]);
  await client.close();
});

test('greeting, suspension, transaction and identity can be asked', async () => {
  await using server = await startServer(() => new SmallTarget({ suspended: 'maintenance' }));
  await using client = await CscpClient.connect({ socketPath: server.socketPath });
  expect(client.greeting).toEqual({ version: '0.99', events: [], rollback: false, suspended: 'maintenance' });
  expect(client.suspended).toBe('maintenance');
  await client.execute({ verb: 'AUTHKEY', user: 'admin', sessionId: 'x' });
  await client.execute({ verb: 'BEGIN' });
  expect([client.inTransaction, client.identitySwitches, client.sent, client.pending]).toEqual([true, 1, 2, 0]);
  await client.execute({ verb: 'COMMIT' });
  expect(client.inTransaction).toBe(false);
});
