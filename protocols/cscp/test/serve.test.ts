import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { CONNECTIONS_EXHAUSTED } from '../src/codec/index.ts';
import { CscpClient, refuseConnection, serveCscp } from '../src/index.ts';
import { pairInPieces } from './support/pieces.ts';
import { startServer } from './support/server.ts';
import { Talk } from './support/talk.ts';
import { SmallTarget } from './support/target.ts';

const GREETING = '100 CSCP/0.99\n200 READY\n';

test('cce 17.132: AUTHKEY, a command and BYE in one write get their replies in order, the empty line and the end', async () => {
  const target = new SmallTarget();
  await using server = await startServer(() => target);
  await using talk = new Talk(server.socketPath);
  talk.say('AUTHKEY "admin" "abc"\nSET 5 description="Testing"\nBYE\n');
  expect(await talk.all()).toBe(`${GREETING}201 OK\n201 OK\n202 GOODBYE\n\n`);
  expect(target.values).toEqual(new Map([['description', 'Testing']]));
  expect(server.endings).toEqual(['bye']);
});

test('cce 17.2, 17.5, 17.6, 17.7, 17.14, 17.16: blank lines say nothing, refusals have their lines, CR LF is fine', async () => {
  await using server = await startServer(() => new SmallTarget());
  await using talk = new Talk(server.socketPath);
  talk.say('\r\n\n, \nwhoami\r\nSET 5 a=b-c\nSET 5 a="x\nSET 5 a == "x"\nFINDX\nCOMMIT\nWHOAMI 1\nGET 9999\nBYE FOO\nbye\n');
  const parseError = '306 ERROR COMMAND PARSE ERROR\n402 BAD COMMAND\n';
  expect(await talk.all()).toBe(
    `${GREETING}104 OBJECT 6\n201 OK\n${parseError}${parseError}403 BAD PARAMETERS\n402 BAD COMMAND\n402 BAD COMMAND\n403 BAD PARAMETERS\n` +
      '300 UNKNOWN OBJECT 9999\n401 FAIL\n403 BAD PARAMETERS\n202 GOODBYE\n\n',
  );
});

test('each command is read in the state that the one before has left', async () => {
  await using server = await startServer(() => new SmallTarget());
  await using talk = new Talk(server.socketPath);
  talk.say('COMMIT\nBEGIN\nBEGIN\nCOMMIT\nCOMMIT\nBYE\n');
  expect(await talk.all()).toBe(`${GREETING}402 BAD COMMAND\n201 OK\n402 BAD COMMAND\n201 OK\n402 BAD COMMAND\n202 GOODBYE\n\n`);
});

test('cce 17.15: fifty commands in one write, and their replies in order', async () => {
  const target = new SmallTarget();
  target.before = async ({ verb }) => {
    if (verb === 'FIND') await new Promise((resolve) => setImmediate(resolve));
  };
  await using server = await startServer(() => target);
  await using talk = new Talk(server.socketPath);
  const numbers = Array.from({ length: 50 }, (_, index) => index);
  talk.say(numbers.map((number) => (number % 2 === 0 ? `FIND User a=${number}\n` : `GET ${number * 100}\n`)).join(''));
  const replies = numbers.map((number) =>
    number % 2 === 0 ? `104 OBJECT ${number}\n201 OK\n` : `300 UNKNOWN OBJECT ${number * 100}\n401 FAIL\n`,
  );
  await talk.upTo(replies.at(-1) ?? '');
  expect(talk.text).toBe(GREETING + replies.join(''));
});

test('cce 17.11, 17.13: a value of 200 KB with line feeds and raw bytes is stored and given back escaped', async () => {
  const target = new SmallTarget();
  await using server = await startServer(() => target);
  await using client = await CscpClient.connect({ socketPath: server.socketPath });
  const value = 'é\n"\\\udcff'.repeat(25_000);
  await client.execute({ verb: 'SET', oid: '5', namespace: '', values: new Map([['text', value]]) });
  expect(target.values.get('text')).toBe(value);
  const { lines } = await client.execute({ verb: 'GET', oid: '5', namespace: '' });
  expect(lines[0]).toEqual({ code: 102, key: 'text', value });
});

test('a line beyond the limit is refused and the connection closed; what came before is answered', async () => {
  await using server = await startServer(() => new SmallTarget(), { maxLineBytes: 1000 });
  await using talk = new Talk(server.socketPath);
  talk.say(`WHOAMI\nSET 5 a="${'x'.repeat(2000)}`);
  expect(await talk.all()).toBe(`${GREETING}104 OBJECT 6\n201 OK\n306 ERROR LINE TOO LONG\n402 BAD COMMAND\n`);
  expect(server.endings).toEqual(['too-long']);
});

test('a line that the end of the stream cuts is not carried out', async () => {
  const target = new SmallTarget();
  await using server = await startServer(() => target);
  await using talk = new Talk(server.socketPath);
  talk.say('WHOAMI\nDESTROY 1').socket.end();
  expect(await talk.all()).toBe(`${GREETING}104 OBJECT 6\n201 OK\n`);
  expect(target.heard).toEqual([{ verb: 'WHOAMI' }]);
  expect(server.endings).toEqual(['eof']);
});

test('a peer that has ended its side still gets the replies', async () => {
  const target = new SmallTarget();
  target.before = () => new Promise((resolve) => setImmediate(resolve));
  await using server = await startServer(() => target);
  await using talk = new Talk(server.socketPath);
  talk.say('WHOAMI\nGET 5\n').socket.end();
  expect(await talk.all()).toBe(`${GREETING}104 OBJECT 6\n201 OK\n102 DATA OID = "5"\n201 OK\n`);
});

test('what a peer said before it went without reading is carried out to its BYE', async () => {
  const target = new SmallTarget();
  await using server = await startServer(() => target);
  const talk = new Talk(server.socketPath);
  talk.socket.pause();
  talk.socket.write('SET 5 a=1\nSET 5 b=2\nBYE SUCCESS\n', () => talk.socket.destroy());
  await until(() => server.endings.length > 0);
  expect(target.heard.map(({ verb }) => verb)).toEqual(['SET', 'SET', 'BYE']);
  expect(server.endings).toEqual(['bye']);
});

test('a peer that is gone before it is served has ended', async () => {
  const [, theirs] = pairInPieces([100]);
  theirs.destroy();
  await once(theirs, 'close');
  expect(await serveCscp(theirs, new SmallTarget())).toBe('eof');
});

test('a peer that does not read is read no further, and loses the connection at the limit', async () => {
  const target = new SmallTarget();
  target.values.set('big', 'x'.repeat(200_000));
  await using server = await startServer(() => target, { writeTimeoutMs: 50 });
  await using talk = new Talk(server.socketPath);
  talk.socket.pause();
  talk.say('GET 5\n'.repeat(20_000));
  await until(() => server.sockets.size === 0 && server.accepted > 0);
  await until(() => server.endings.length > 0);
  expect(target.heard.length).toBeGreaterThan(0);
  expect(target.heard.length).toBeLessThan(1000);
});

test('a reader that is slow gets every reply', async () => {
  const target = new SmallTarget();
  target.values.set('big', 'x'.repeat(100_000));
  await using server = await startServer(() => target);
  await using talk = new Talk(server.socketPath);
  talk.socket.pause();
  talk.say(`${'GET 5\n'.repeat(40)}BYE\n`);
  await until(() => target.heard.length > 1);
  expect(target.heard.length).toBeLessThan(40);
  talk.socket.resume();
  const text = await talk.all();
  expect(text.split('201 OK\n').length - 1).toBe(40);
  expect(text.endsWith('202 GOODBYE\n\n')).toBe(true);
});

test('at the shutdown the running command is told, and 998 is the last word', async () => {
  const closing = new AbortController();
  const target = new SmallTarget();
  const began = Promise.withResolvers<void>();
  target.before = async (_, signal) => {
    began.resolve();
    await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
  };
  await using server = await startServer(() => target, { signal: closing.signal });
  await using busy = new Talk(server.socketPath);
  busy.say('GET 5\nGET 5\n');
  await began.promise;
  await using idle = new Talk(server.socketPath);
  await idle.upTo('READY\n');
  closing.abort();
  expect(await busy.all()).toBe(`${GREETING}998 SHUTTING DOWN\n`);
  expect(await idle.all()).toBe(`${GREETING}998 SHUTTING DOWN\n`);
  expect(server.endings).toEqual(['shutdown', 'shutdown']);
  expect(target.heard.length).toBe(1);
});

test('a target that fails is an engine on fire, and its owner is told', async () => {
  const errors: unknown[] = [];
  const target = new SmallTarget();
  const trouble = new Error('the store is away');
  target.before = () => Promise.reject(trouble);
  await using server = await startServer(() => target, { onError: (error) => errors.push(error) });
  await using talk = new Talk(server.socketPath);
  talk.say('GET 5\nGET 5\n');
  expect(await talk.all()).toBe(`${GREETING}999 ENGINE ON FIRE\n`);
  expect(errors).toEqual([trouble]);
});

test('the greeting tells events, rollback and suspension; one that is refused is the last word', async () => {
  await using server = await startServer(() => new SmallTarget({ events: ['2..name'], rollback: true, suspended: 'r' }));
  await using talk = new Talk(server.socketPath);
  expect(await talk.upTo('READY\n')).toBe('100 CSCP/0.99\n101 EVENT 2..name\n111 ROLLBACK\n309 SUSPENDED "r"\n200 READY\n');
  await using closed = await startServer(() => new SmallTarget({ refused: 400 }));
  await using refused = new Talk(closed.socketPath);
  expect(await refused.say('WHOAMI\n').all()).toBe('100 CSCP/0.99\n400 NOT READY\n');
});

test('a connection too many hears why', async () => {
  await using dir = await tempDir('cscp-');
  const path = join(dir.path, 's');
  const server = createServer((socket) => refuseConnection(socket, CONNECTIONS_EXHAUSTED));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  await using talk = new Talk(path);
  expect(await talk.all()).toBe('Maximum number of connections reached\ndisconnecting...\n');
  await expect(CscpClient.connect({ socketPath: path })).rejects.toMatchObject({ code: 'CSCP_NOT_READY' });
  talk.socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});
