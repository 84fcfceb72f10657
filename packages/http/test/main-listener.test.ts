import { request } from 'node:https';
import { Networks } from '@fairlead/kernel/access';
import { systemClock } from '@fairlead/kernel/clock';
import { type Log, silentLog } from '@fairlead/kernel/log';
import { Metrics } from '@fairlead/kernel/metrics';
import { type Authority, loadAuthority } from '@fairlead/kernel/tls';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FacePlugin, type MainListener, openMainListener } from '../src/index.ts';

const greeting: FacePlugin = {
  listener: 'main',
  face: 'greeting (/hello)',
  prefixes: ['/hello'],
  routeOf: (_method, url) => (url.startsWith('/hello/to/') ? '/to/:name' : '/hello'),
  register: async (app) => {
    app.setErrorHandler((error, _request, reply) => reply.code(418).send({ dialect: 'greeting', said: (error as Error).message }));
    app.get('/hello', () => ({ hello: 'world' }));
    app.get('/hello/who', (request) => ({ ip: request.ip }));
    app.get('/hello/to/*', () => ({}));
    app.get('/hello/broken', () => {
      throw new Error('teapot');
    });
  },
};

let folder: Awaited<ReturnType<typeof tempDir>>;
let authority: Authority;
let listener: MainListener;
let healthy = true;

beforeAll(async () => {
  folder = await tempDir('http');
  authority = await loadAuthority({
    ssl: {},
    stateDir: folder.path,
    names: ['127.0.0.1'],
    clock: systemClock,
    log: silentLog(),
    defaultDir: folder.path,
  });
  listener = await open(0);
});
afterAll(async () => {
  await listener[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function open(port: number, operators = true, trustedProxies: readonly string[] = [], log: Log = silentLog()): Promise<MainListener> {
  return openMainListener({
    trustedProxies: new Networks(trustedProxies),
    host: '127.0.0.1',
    port,
    certificate: authority.server(),
    faces: [greeting],
    log,
    health: async () => ({ part: { ok: healthy, facts: { jobs: 3 } } }),
    operators: new Networks(operators ? ['127.0.0.0/8'] : []),
    metrics: new Metrics(),
  });
}

function get(
  path: string,
  port = listener.port,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string; type: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string; type: string }>();
  const asking = request(
    { host: '127.0.0.1', port, path, headers, ca: authority.caPem, ...(port !== listener.port && { agent: false }) },
    async (response) => {
      const body = Buffer.concat(await Array.fromAsync(response)).toString('utf8');
      resolve({ status: response.statusCode ?? 0, body, type: response.headers['content-type'] ?? '' });
    },
  );
  asking.once('error', reject).end();
  return promise;
}

describe('the main listener', () => {
  test('names its faces at the root', async () => {
    expect(await get('/')).toMatchObject({ status: 200, body: 'Fairlead: greeting (/hello)\n' });
  });

  test('answers paths outside the faces with 404 JSON', async () => {
    const answer = await get('/elsewhere');

    expect(answer).toMatchObject({ status: 404 });
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'not_found' });
  });

  test('the error format of a face stays with the face', async () => {
    expect(JSON.parse((await get('/hello/broken')).body)).toEqual({ dialect: 'greeting', said: 'teapot' });
  });

  test('ovirt 12.24: says whether it is well, and the details to operators only', async () => {
    await using other = await open(0, false);
    expect(await get('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(JSON.parse((await get('/readyz')).body)).toEqual({ ok: true, parts: { part: { ok: true, facts: { jobs: 3 } } } });
    expect(JSON.parse((await get('/readyz', other.port)).body)).toEqual({ ok: true });

    healthy = false;
    const ill = await get('/readyz');
    healthy = true;

    expect(ill.status).toBe(503);
  });

  test('a whole URL as the target counts by its path, and neither its credentials nor parameters are logged', async () => {
    const captured = captureLog();
    await using mine = await open(0, true, [], captured.log);
    const answer = await get('https://ann:tell-nobody-4711@127.0.0.1/hello;token=tell-nobody-4712?token=tell-nobody-4713', mine.port);
    await get('https://ann:tell-nobody-4711@127.0.0.1/hello', mine.port);

    expect(answer.status).toBe(404);
    expect(captured.lines().map((line) => [line.path, line.status])).toEqual([
      ['/hello', 404],
      ['/hello', 200],
    ]);
    expect(captured.text() + answer.body).not.toContain('tell-nobody');
  });

  test('believes the word of a trusted proxy about the caller, and nobody else’s', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
    await using behind = await open(0, true, ['127.0.0.1']);

    const told = await get('/hello/who', behind.port, forwarded);
    const claimed = await get('/hello/who', listener.port, forwarded);

    expect(JSON.parse(told.body)).toEqual({ ip: '198.51.100.7' });
    expect(JSON.parse(claimed.body)).toEqual({ ip: '127.0.0.1' });
  });

  test('a forged chain of addresses makes nobody an operator, and a name in it is no address', async () => {
    await using behind = await open(0, true, ['127.0.0.1']);
    const forged = { 'x-forwarded-for': '127.0.0.1, 203.0.113.9' };

    expect(JSON.parse((await get('/hello/who', behind.port, { 'x-forwarded-for': 'evil\u0022' })).body)).toEqual({ ip: '127.0.0.1' });
    expect((await get('/metrics', behind.port, forged)).status).toBe(403);
    expect(JSON.parse((await get('/readyz', behind.port, forged)).body)).toEqual({ ok: true });
  });

  test('ovirt 12.24: the metrics are for operators only, and count requests by face, template and status', async () => {
    await using other = await open(0, false);
    await using mine = await open(0);
    const refused = await get('/metrics', other.port);
    expect(refused).toMatchObject({ status: 403, type: expect.stringContaining('application/json') });
    expect(JSON.parse(refused.body)).toMatchObject({ error: 'forbidden' });

    await get('/hello/to/tell-nobody-4711?token=tell-nobody-4712', mine.port);
    await get('/tell-nobody-4713', mine.port);
    const page = await get('/metrics', mine.port);

    expect(page).toMatchObject({ status: 200, type: expect.stringContaining('text/plain') });
    const counted = 'fairlead_http_request_seconds_count';
    expect(page.body).toContain(`${counted}{face="greeting_hello",method="GET",route="/to/:name",status="200"} 1\n`);
    expect(page.body).toContain(`${counted}{face="main",method="GET",route="none",status="404"} 1\n`);
    expect(page.body).not.toContain('tell-nobody');
  });

  test('a closed listener is gone, although a connection was kept alive', async () => {
    const other = await open(0);
    await get('/', other.port);

    await other[Symbol.asyncDispose]();

    await expect(get('/', other.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('a port that is taken is a coded error that names the address', async () => {
    await expect(open(listener.port)).rejects.toMatchObject({
      code: 'FAIRLEAD_LISTEN',
      message: expect.stringContaining(`127.0.0.1:${listener.port}`),
    });
  });
});
