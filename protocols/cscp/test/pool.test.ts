import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { broken, type FakePeer, serving } from '../src/fake/index.ts';
import { type CscpClient, CscpPool, type CscpPoolOptions } from '../src/index.ts';
import { peerWith } from './support/peer.ts';

function poolAt(peer: FakePeer, options: Partial<CscpPoolOptions> = {}): CscpPool {
  return new CscpPool({ connect: { socketPath: peer.socketPath, timeoutMs: 5000 }, ...options });
}

function jobOf<T>(user: string, work: (client: CscpClient) => Promise<T>, signal = new AbortController().signal) {
  const authenticate = async (client: CscpClient): Promise<void> => {
    const reply = await client.execute({ verb: 'AUTHKEY', user, sessionId: 'abc' });
    if (reply.end !== 201) throw new Error('login refused');
  };
  return { identityKey: user, authenticate, work, signal };
}

const whoami = async (client: CscpClient): Promise<number> => (await client.execute({ verb: 'WHOAMI' })).end;

/** Work that lasts until it is told to end. */
function longWork() {
  const began = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const work = async (): Promise<void> => {
    began.resolve();
    await end.promise;
  };
  return { began: began.promise, end: () => end.resolve(), work };
}

test('a connection is authenticated once and kept for its identity, and for no other', async () => {
  await using peer = await peerWith(serving());
  await using pool = poolAt(peer);
  await pool.use(jobOf('a', whoami));
  await pool.use(jobOf('b', whoami));
  await pool.use(jobOf('a', whoami));
  await pool.use(jobOf('b', whoami));
  expect(peer.heard).toEqual(['a', 'b'].map((user) => [`AUTHKEY "${user}" "abc"`, 'WHOAMI', 'WHOAMI']));
  expect(pool.stats).toEqual({ busy: 0, idle: 2, waiting: 0 });
});

test('two at a time of one identity have a connection each', async () => {
  await using peer = await peerWith(serving());
  await using pool = poolAt(peer);
  const first = longWork();
  const busy = pool.use(jobOf('a', first.work));
  await first.began;
  await pool.use(jobOf('a', whoami));
  first.end();
  await busy;
  expect(peer.heard.length).toBe(2);
  expect(pool.stats.idle).toBe(2);
});

test('a refused identity gets its own error, the work is not begun and the connection is dropped', async () => {
  await using peer = await peerWith(serving({ answer: () => '401 FAIL\n' }));
  await using pool = poolAt(peer);
  let begun = false;
  const work = async (): Promise<void> => {
    begun = true;
  };
  await expect(pool.use(jobOf('a', work))).rejects.toThrow('login refused');
  expect(begun).toBe(false);
  expect(pool.stats).toEqual({ busy: 0, idle: 0, waiting: 0 });
  await until(() => peer.open === 0);
});

test('an error of the work that is none of the connection keeps it', async () => {
  await using peer = await peerWith(serving());
  await using pool = poolAt(peer);
  await expect(pool.use(jobOf('a', () => Promise.reject(new Error('no'))))).rejects.toThrow('no');
  await pool.use(jobOf('a', whoami));
  expect(peer.heard).toEqual([['AUTHKEY "a" "abc"', 'WHOAMI']]);
});

test.each([
  ['an open transaction', async (client: CscpClient) => void (await client.execute({ verb: 'BEGIN' }))],
  ['another identity', async (client: CscpClient) => void (await client.execute({ verb: 'AUTHKEY', user: 'b', sessionId: 'x' }))],
  ['no session any more', async (client: CscpClient) => void (await client.execute({ verb: 'ENDKEY' }))],
  ['a reply on its way', async (client: CscpClient) => void client.execute({ verb: 'WHOAMI' }).catch(() => undefined)],
  ['said BYE', async (client: CscpClient) => void (await client.execute({ verb: 'BYE' }))],
])('a connection with %s is not kept', async (_, work) => {
  await using peer = await peerWith(serving());
  await using pool = poolAt(peer);
  await pool.use(jobOf('a', work));
  expect(pool.stats.idle).toBe(0);
  await until(() => peer.open === 0);
});

test('a connection that failed is dropped, and the command is not sent again', async () => {
  await using peer = await peerWith(broken('cut-in-line', { after: 2 }));
  await using pool = poolAt(peer);
  await pool.use(jobOf('a', whoami));
  await expect(pool.use(jobOf('a', whoami))).rejects.toMatchObject({ code: 'CSCP_CLOSED', sent: true });
  expect(peer.heard).toEqual([['AUTHKEY "a" "abc"', 'WHOAMI', 'WHOAMI']]);
  expect(pool.stats.idle).toBe(0);
});

test('a resting connection that the server closed is replaced unseen', async () => {
  await using peer = await peerWith(serving({ after: 2 }));
  await using pool = poolAt(peer);
  for (let round = 0; round < 3; round += 1) {
    expect(await pool.use(jobOf('a', whoami))).toBe(201);
    await until(() => pool.stats.idle === 0);
  }
  expect(peer.heard.length).toBe(3);
  expect(peer.heard.flat().filter((line) => line === 'WHOAMI').length).toBe(3);
});

test('work whose kept connection closes before it sent anything is begun once more, one that sent something is not', async () => {
  await using peer = await peerWith(serving());
  await using pool = poolAt(peer);
  await pool.use(jobOf('a', whoami));
  let begun = 0;
  const late = async (client: CscpClient): Promise<number> => {
    begun += 1;
    if (begun === 1) client.destroy();
    return await whoami(client);
  };
  expect(await pool.use(jobOf('a', late))).toBe(201);
  expect(begun).toBe(2);
  const tooLate = async (client: CscpClient): Promise<number> => {
    begun += 1;
    await whoami(client);
    client.destroy();
    return await whoami(client);
  };
  await expect(pool.use(jobOf('a', tooLate))).rejects.toMatchObject({ code: 'CSCP_CLOSED' });
  expect(begun).toBe(3);
});

test('a full pool gives its next connection to who waits longest', async () => {
  await using peer = await peerWith(serving());
  await using pool = poolAt(peer, { maxTotal: 1 });
  const first = longWork();
  const order: string[] = [];
  const busy = pool.use(jobOf('a', first.work));
  await first.began;
  const others = ['b', 'a', 'c'].map((user) => pool.use(jobOf(user, async () => void order.push(user))));
  await until(() => pool.stats.waiting === 3);
  expect(pool.stats).toEqual({ busy: 1, idle: 0, waiting: 3 });
  first.end();
  await Promise.all([busy, ...others]);
  expect(order).toEqual(['b', 'a', 'c']);
  await until(() => peer.open === 1);
});

test('who waits too long is told so, and leaves no place behind', async () => {
  await using peer = await peerWith(serving());
  await using pool = poolAt(peer, { maxTotal: 1, waitMs: 20 });
  const first = longWork();
  const busy = pool.use(jobOf('a', first.work));
  await first.began;
  await expect(pool.use(jobOf('b', whoami))).rejects.toMatchObject({ code: 'CSCP_BUSY' });
  const leaving = new AbortController();
  const waiting = pool.use(jobOf('b', whoami, leaving.signal));
  leaving.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'CSCP_ABORTED', sent: false });
  first.end();
  await busy;
  expect(await pool.use(jobOf('b', whoami))).toBe(201);
  expect(pool.stats.busy).toBe(0);
});

test('the signal ends the work and its connection', async () => {
  await using peer = await peerWith(broken('late', { after: 1 }));
  await using pool = poolAt(peer);
  const leaving = new AbortController();
  const waiting = pool.use(jobOf('a', whoami, leaving.signal));
  await until(() => peer.heard[0]?.length === 2);
  leaving.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'CSCP_ABORTED', sent: true });
  await until(() => peer.open === 0);
});

test('resting connections are bounded for each identity and in all', async () => {
  await using peer = await peerWith(serving());
  await using pool = poolAt(peer, { maxTotal: 3, maxIdlePerKey: 1 });
  const works = [longWork(), longWork()];
  const busy = works.map((work) => pool.use(jobOf('a', work.work)));
  await Promise.all(works.map((work) => work.began));
  for (const work of works) work.end();
  await Promise.all(busy);
  expect(pool.stats.idle).toBe(1);
  for (const user of ['b', 'c', 'd']) await pool.use(jobOf(user, whoami));
  expect(pool.stats.idle).toBe(3);
  await until(() => peer.open === 3);
});

test('a resting connection ends after a while', async () => {
  await using peer = await peerWith(serving());
  await using pool = poolAt(peer, { idleMs: 10 });
  await pool.use(jobOf('a', whoami));
  await until(() => pool.stats.idle === 0);
  await until(() => peer.open === 0);
});

test('an identity can be forgotten, and a pool ends with all it has', async () => {
  await using peer = await peerWith(serving());
  const pool = poolAt(peer);
  await pool.use(jobOf('a', whoami));
  await pool.use(jobOf('b', whoami));
  pool.forget('a');
  expect(pool.stats.idle).toBe(1);
  const last = longWork();
  const busy = pool.use(jobOf('c', last.work));
  await last.began;
  await pool[Symbol.asyncDispose]();
  last.end();
  await busy;
  expect(pool.stats.idle).toBe(0);
  await until(() => peer.open === 0);
  await expect(pool.use(jobOf('a', whoami))).rejects.toMatchObject({ code: 'CSCP_ABORTED' });
});
