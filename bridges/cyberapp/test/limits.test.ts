import { connect, type TLSSocket } from 'node:tls';
import { createApp, listen } from '@fairlead/http';
import { systemClock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import { silentLog } from '@fairlead/kernel/log';
import { testAuthority } from '@fairlead/testkit/certs';
import { until } from '@fairlead/testkit/until';
import type { FastifyInstance } from 'fastify';
import { Agent, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { CallbackFace, type CallbackFaceOptions, type Observed } from '../src/api/face.ts';
import type { Outcome, Pipeline } from '../src/api/pipeline.ts';
import type { Admission } from '../src/api/rules/admission.ts';
import { CallbackListener } from '../src/listener.ts';
import type { CyberappTables, OrganizationRow } from '../src/store/tables.ts';
import { bodyOf, type HandlerRig, startHandler } from './support/handler-rig.ts';

interface Raw {
  readonly socket: TLSSocket;
  /** What came, when the connection has ended. */
  readonly ended: Promise<string>;
}

async function connected({ url, ca }: { readonly url: string; readonly ca: string }): Promise<Raw> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), ca });
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  let got = '';
  socket.setEncoding('utf8');
  socket.on('data', (piece: string) => {
    got += piece;
  });
  // A server that hangs up while something is being sent resets the connection.
  socket.on('error', () => undefined);
  socket.once('close', () => resolve(got));
  const { promise: secure, resolve: isSecure } = Promise.withResolvers<void>();
  socket.once('secureConnect', isSecure);
  await secure;
  return { socket, ended };
}

async function said(place: { readonly url: string; readonly ca: string }, text: string): Promise<string> {
  const { socket, ended } = await connected(place);
  socket.write(text);
  return await ended;
}

const HEAD = 'POST /callback HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

describe('heads', () => {
  test('more than 100 headers are refused, whoever sends them', async () => {
    await using rig = await startHandler();
    const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-more-${at}`, '1']));
    expect((await rig.call('enablement.read', undefined, { headers: headers(80) })).status).toBe(200);
    expect((await rig.call('enablement.read', undefined, { headers: headers(101) })).status).toBe(400);
  });

  test('a head beyond 16 KiB, and one that states two lengths, are refused before they are a request', async () => {
    await using rig = await startHandler();
    expect(await said(rig, `${HEAD}X-Long: ${'x'.repeat(17_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await said(rig, `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await said(rig, `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await rig.audit.find({ limit: 10 })).toEqual([]);
  });

  test('cyberapp 9.53: an address without token is counted for whatever is wrong with its requests, in the order of the decisions', async () => {
    await using rig = await startHandler({ keys: 'max_body = 65536' });
    const stranger = (type: string | undefined, body = '{}') => rig.send('POST', '/callback', { 'content-type': type }, body);
    expect((await stranger('text/plain')).status).toBe(400);
    for (let at = 0; at < 19; at += 1) expect((await stranger('application/json', ' '.repeat(70_000))).status).toBe(413);
    const rows = async () => (await rig.audit.find({ limit: 1000 })).length;
    const before = await rows();
    expect(await stranger('application/json')).toMatchObject({ status: 403, headers: { connection: 'close' } });
    // Who is not listened to leaves no rows: the store is not his to fill.
    expect(await rows()).toBe(before);
    expect((await rig.call('enablement.read', undefined)).status).toBe(200);
  });
});

describe('time', () => {
  test('cyberapp 9.10: a head that drips in and a body that stalls end with the connection, and nothing is handled', async () => {
    await using authority = await testAuthority();
    let handled = 0;
    const register = async (app: FastifyInstance) => {
      app.post('/callback', async () => {
        handled += 1;
        return 'ok';
      });
    };
    const server = { publicAddress: '127.0.0.1', host: '127.0.0.1', port: 0, path: '/', stateDir: '', runDir: '' };
    const settings = { listen_address: '127.0.0.1:0', cert_file: undefined, key_file: undefined };
    const context = { authority: authority.authority, clock: systemClock, log: silentLog(), server };
    await using listener = await CallbackListener.open({ settings, context, register, patience: { headMs: 300, requestMs: 600 } });
    const place = { url: listener.url, ca: authority.ca };
    const slow = await connected(place);
    let at = 0;
    const drip = setInterval(() => {
      slow.socket.write(HEAD[at % HEAD.length] ?? 'x');
      at += 1;
    }, 20);
    expect(await slow.ended).not.toContain(' 200 ');
    clearInterval(drip);
    expect(await said(place, `${HEAD}Content-Length: 100\r\n\r\n{`)).not.toContain(' 200 ');
    expect(handled).toBe(0);
    expect(await said(place, `${HEAD}Content-Length: 2\r\nConnection: close\r\n\r\n{}`)).toContain(' 200 ');
  });

  test('a call that takes too long is told to come again, and what became of it is recorded too', async () => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    await using lone = await loneFace({ run: () => promise, callMs: 50 });
    const answer = await lone.post();
    expect(answer).toMatchObject({ status: 503, retryAfter: '5' });
    resolve({ answer: { status: 200, body: '{}' }, replayed: false, facts: { linked: 'x' } });
    await until(() => lone.observed.length === 2, { what: 'the second record' });
    expect(lone.observed.map(({ outcome }) => [outcome.status, outcome.refusedAt])).toEqual([
      [503, 'deadline'],
      [200, undefined],
    ]);
  });
});

describe('crowds', () => {
  test('of one address 32 requests are under way, the next is told to come again', async () => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    let running = 0;
    const run = () => {
      running += 1;
      return promise;
    };
    await using lone = await loneFace({ run });
    const all = Array.from({ length: 32 }, () => lone.post());
    await until(() => running === 32, { what: '32 requests under way' });
    expect(await lone.post()).toMatchObject({ status: 429, retryAfter: '2' });
    resolve({ answer: { status: 200, body: '{}' }, replayed: false, facts: {} });
    expect((await Promise.all(all)).every(({ status }) => status === 200)).toBe(true);
    await until(async () => (await lone.post()).status === 200, { what: 'a place that is free again' });
  });
});

describe('answers', () => {
  test('cyberapp 9.78: a list of customers ends at 8 MiB, and says so', async () => {
    await using rig = await startHandler();
    await addCustomers(rig, 8_200);
    const topology = await rig.call('topology.read', {});
    expect(topology.status).toBe(200);
    expect(Buffer.byteLength(topology.text)).toBeLessThanOrEqual(8 * 1024 * 1024);
    const { items, paging } = topology.json.payload as { items: unknown[]; paging: Record<string, number> };
    expect(items.length).toBeGreaterThan(5000);
    expect(paging).toEqual({ offset: 0, limit: items.length, total_count: 8_204 });
    expect(rig.captured.text()).toContain('has more customers than an answer has room for');
  });
});

/** Customers of P1 with the longest names that there are. */
async function addCustomers({ store, tree: { p1 } }: HandlerRig, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (): OrganizationRow => {
    const id = newUuid();
    return { ...p1, id, parent_id: p1.id, path: `${p1.path}${id}/`, depth: 1, kind: 'customer', name: '😀'.repeat(255) };
  });
  for (let at = 0; at < rows.length; at += 500) {
    await store
      .tables<CyberappTables>()
      .insertInto('cyberapp_organizations')
      .values(rows.slice(at, at + 500))
      .execute();
  }
}

interface LoneFace extends AsyncDisposable {
  readonly observed: readonly Observed[];
  post(): Promise<{ readonly status: number; readonly retryAfter: unknown }>;
}

/** The face alone: everybody is let in, and the test says what becomes of a call. */
async function loneFace(parts: { readonly run: () => Promise<Outcome>; readonly callMs?: number }): Promise<LoneFace> {
  const authority = await testAuthority();
  const observed: Observed[] = [];
  const options: CallbackFaceOptions = {
    paths: ['/callback'],
    maxBody: 65_536,
    admission: { admit: async () => undefined } as unknown as Admission,
    pipeline: { run: parts.run } as unknown as Pipeline,
    log: silentLog(),
    callMs: parts.callMs,
    observe: async (one) => void observed.push(one),
  };
  const { app, server } = createApp({ certificate: authority });
  await new CallbackFace(options).register(app, { index: true });
  await app.ready();
  const { port } = await listen(server, { host: '127.0.0.1', port: 0, certificate: authority });
  const agent = new Agent({ connect: { ca: authority.ca } });
  const post = async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(bodyOf('enablement.read', undefined));
    const {
      statusCode: status,
      headers: got,
      body: rest,
    } = await request(`https://127.0.0.1:${port}/callback`, {
      ...{ dispatcher: agent, method: 'POST', headers, body },
    });
    await rest.dump();
    return { status, retryAfter: got['retry-after'] };
  };
  return {
    observed,
    post,
    [Symbol.asyncDispose]: async () => {
      await agent.destroy();
      server.closeAllConnections();
      await app.close();
      await authority[Symbol.asyncDispose]();
    },
  };
}
