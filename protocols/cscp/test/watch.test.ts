import { once } from 'node:events';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import type { Reply, ReplyLine } from '../src/codec/index.ts';
import { GREETING } from '../src/fake/index.ts';
import { CscpClient, type CscpTarget, type WatchOperation, type WatchOptions } from '../src/index.ts';
import { peerWith } from './support/peer.ts';
import { startServer } from './support/server.ts';
import { Talk } from './support/talk.ts';
import { SmallTarget } from './support/target.ts';

const OK: Reply = { lines: [], end: 201 };
const WATCHING: ReplyLine = { code: 113, status: 'WATCHING' };

/** Tells what the test says. */
class WatchTarget extends SmallTarget implements CscpTarget {
  readonly extensions = true;
  watches = 0;
  tell: WatchOptions['tell'] = async () => undefined;

  async watch(operation: WatchOperation, { signal, tell }: WatchOptions): Promise<Reply> {
    if (operation.filters.some((one) => one.class === 'Foo')) return { lines: [{ code: 301, class: 'Foo' }], end: 401 };
    this.watches += 1;
    this.tell = tell;
    await tell([WATCHING]);
    if (!signal.aborted) await once(signal, 'abort');
    this.watches -= 1;
    return OK;
  }
}

const BEGUN = '100 CSCP/0.99\n200 READY\n113 STATUS WATCHING\n';
const event = (transaction: string, ...names: readonly string[]): readonly ReplyLine[] => [
  { code: 112, transaction },
  ...names.map((name): ReplyLine => ({ code: 101, event: name })),
];

async function openStand() {
  const target = new WatchTarget();
  const server = await startServer(() => target);
  return { target, server, socketPath: server.socketPath, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('a watch tells events, and the next line ends it and is answered', async () => {
  await using stand = await openStand();
  await using talk = new Talk(stand.socketPath);
  talk.say('WATCH User\n');
  await talk.upTo('WATCHING\n');
  await stand.target.tell(event('7', '5..name', '5.Disk.quota', '6._CREATE'));
  await talk.upTo('_CREATE\n');
  expect(talk.text).toBe(`${BEGUN}112 TXN 7\n101 EVENT 5..name\n101 EVENT 5.Disk.quota\n101 EVENT 6._CREATE\n`);
  talk.say('WHOAMI\nBYE\n');
  expect(await talk.all()).toMatch(/_CREATE\n201 OK\n104 OBJECT 6\n201 OK\n202 GOODBYE\n\n$/);
  expect(stand.target.watches).toBe(0);
});

test.each([
  ['BYE', 'BYE\n', /201 OK\n202 GOODBYE\n\n$/],
  ['a blank line', '\nBYE\n', /201 OK\n202 GOODBYE\n\n$/],
  ['what stands behind it already', 'BYE\n', /201 OK\n202 GOODBYE\n\n$/],
])('%s ends a watch', async (name, said, ending) => {
  await using stand = await openStand();
  await using talk = new Talk(stand.socketPath);
  if (name.startsWith('what')) talk.say(`WATCH\n${said}`);
  else {
    talk.say('WATCH\n');
    await talk.upTo('WATCHING\n');
    talk.say(said);
  }
  expect(await talk.all()).toMatch(ending);
});

test('a watch ends with its peer, in whichever way that goes', async () => {
  await using stand = await openStand();
  for (const leave of [(talk: Talk) => talk.socket.destroy(), (talk: Talk) => talk.socket.end()]) {
    await using talk = new Talk(stand.socketPath);
    talk.say('WATCH\n');
    await talk.upTo('WATCHING\n');
    expect(stand.target.watches).toBe(1);
    leave(talk);
    await until(() => stand.target.watches === 0, { what: 'the end of the watch' });
  }
});

test('a watcher that does not read what it is told loses its connection', async () => {
  const target = new WatchTarget();
  await using server = await startServer(() => target, { writeTimeoutMs: 50 });
  await using talk = new Talk(server.socketPath);
  talk.say('WATCH\n');
  await talk.upTo('WATCHING\n');
  talk.socket.pause();
  let told = 0;
  while (target.watches === 1 && told < 10_000) {
    await target.tell(event('x'.repeat(1000), ...Array<string>(100).fill('5..name')));
    told += 1;
  }
  await until(() => server.sockets.size === 0, { what: 'the end of the connection' });
  expect(target.watches).toBe(0);
  expect(told).toBeLessThan(10_000);
});

test('the server that stops says so to who watches', async () => {
  const target = new WatchTarget();
  const stopping = new AbortController();
  await using server = await startServer(() => target, { signal: stopping.signal });
  await using client = await CscpClient.connect({ socketPath: server.socketPath });
  const watch = await client.watch();
  stopping.abort();
  await expect(Array.fromAsync(watch)).rejects.toMatchObject({ code: 'CSCP_REFUSED', message: 'the server does not watch: 998' });
});

test('the client gives events one by one with their transaction, and leaving ends the connection', async () => {
  await using stand = await openStand();
  await using client = await CscpClient.connect({ socketPath: stand.socketPath });
  const watch = await client.watch([{ class: 'User' }], { maxPending: 2 });
  await expect(client.execute({ verb: 'WHOAMI' })).rejects.toMatchObject({ code: 'CSCP_BUSY' });
  const names = Array.from({ length: 500 }, (_, index) => `${index}..name`);
  for (const [index, name] of names.entries()) await stand.target.tell(event(String(index), name));
  const seen: string[] = [];
  for await (const { transaction, event: name } of watch) {
    seen.push(`${transaction} ${name}`);
    if (seen.length === names.length) break;
  }
  expect(seen).toEqual(names.map((name, index) => `${index} ${name}`));
  expect(client.usable).toBe(false);
  await until(() => stand.target.watches === 0, { what: 'the end of the watch' });
});

test('a watch that is refused is told with its reason', async () => {
  await using stand = await openStand();
  await using client = await CscpClient.connect({ socketPath: stand.socketPath });
  const refusal = { code: 'CSCP_REFUSED', message: 'the server does not watch: 301 UNKNOWN CLASS Foo, 401' };
  await expect(client.watch([{ class: 'Foo' }])).rejects.toMatchObject(refusal);
  await using plain = await startServer(() => new SmallTarget());
  await using other = await CscpClient.connect({ socketPath: plain.socketPath });
  await expect(other.watch()).rejects.toMatchObject({ code: 'CSCP_REFUSED', message: 'the server does not watch: 402' });
});

test('the signal of a watch ends it', async () => {
  await using stand = await openStand();
  await using client = await CscpClient.connect({ socketPath: stand.socketPath });
  const leave = new AbortController();
  const watch = await client.watch([], { signal: leave.signal });
  const all = Array.fromAsync(watch);
  leave.abort();
  await expect(all).rejects.toMatchObject({ code: 'CSCP_ABORTED' });
});

test.each([
  ['says nothing', '', 'CSCP_TIMEOUT'],
  ['goes', undefined, 'CSCP_CLOSED'],
  ['talks nonsense', '<html>\n', 'CSCP_PROTOCOL'],
])('a server that %s instead of watching is found out', async (_, said, code) => {
  await using peer = await peerWith(async (connection) => {
    await connection.say(GREETING);
    await connection.hear();
    if (said === undefined) return;
    await connection.say(said);
    await connection.hear();
  });
  await using client = await CscpClient.connect({ socketPath: peer.socketPath, timeoutMs: 300 });
  await expect(client.watch()).rejects.toMatchObject({ code });
});

test('a server that ends a watch and goes on all the same is given up', async () => {
  await using peer = await peerWith(async (connection) => {
    await connection.say(GREETING);
    await connection.hear();
    await connection.say('113 STATUS WATCHING\n112 TXN 1\n101 EVENT 5..a\n201 OK\n101 EVENT 5..b\n');
    await connection.hear();
  });
  await using client = await CscpClient.connect({ socketPath: peer.socketPath });
  const watch = await client.watch();
  expect(await Array.fromAsync(watch)).toEqual([{ transaction: '1', event: '5..a' }]);
  expect(client.usable).toBe(false);
});
