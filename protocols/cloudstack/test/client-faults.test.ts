import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { CloudStackClient, CloudStackError } from '../src/index.ts';
import { failure, openCloud } from './support.ts';

describe('what comes from somebody else', () => {
  test('an HTML page is a bad answer with its status and first words', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'html', status: 502 });
    const error = await failure(cloud.client().call('listZones'), 'CLOUDSTACK_BAD_ANSWER');
    expect(error.httpStatus).toBe(502);
    expect(error.message).toBe('CloudStack answered listZones with HTTP 502, not JSON: Bad Gateway nginx');
  });

  test.each([
    ['broken JSON', '{"a":'],
    ['a list', '[1]'],
    ['null', 'null'],
    ['two keys', '{"a":{},"b":{}}'],
    ['no key', '{}'],
    ['a number', '7'],
    ['nothing', ''],
  ])('200 with %s is a bad answer', async (_what, body) => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'body', body });
    const error = await failure(cloud.client().call('listZones'), 'CLOUDSTACK_BAD_ANSWER');
    expect(error.httpStatus).toBe(200);
  });

  test('an answer over the limit is given up, packed or not', async () => {
    await using cloud = await openCloud();
    const client = cloud.client({ maxAnswerBytes: 100_000 });
    cloud.fake.faults.next('listZones', { kind: 'body', body: `{"a":{"b":"${'x'.repeat(200_000)}"}}` });
    const error = await failure(client.call('listZones'), 'CLOUDSTACK_BAD_ANSWER');
    expect(error.message).toBe("CloudStack's answer to listZones is longer than 100000 bytes");
    await client.call('listZones');
  });

  test('answers are asked for in gzip and unpacked', async () => {
    await using server = await rawServer((request) => [request.headers['accept-encoding'] ?? '', 200]);
    await failure(server.client.call('listZones'), 'CLOUDSTACK_BAD_ANSWER');
    expect(server.seen).toEqual(['gzip']);
    await using cloud = await openCloud();
    for (let index = 0; index < 10; index++) await cloud.fake.addVm({ name: `vm-${index}`, networks: [] });
    expect(await cloud.client().list('listVirtualMachines', (item) => item)).toHaveLength(10);
  });

  test('an answer that says gzip and is not is a bad answer', async () => {
    await using server = await rawServer(() => ['{"a":{}}', 200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }]);
    await failure(server.client.call('listZones'), 'CLOUDSTACK_BAD_ANSWER');
  });

  test('a form over 1 MiB is not sent', async () => {
    await using cloud = await openCloud();
    const call = cloud.client().call('deployVirtualMachine', { userdata: 'x'.repeat(1_100_000) });
    await failure(call, 'CLOUDSTACK_REQUEST_TOO_LARGE');
    expect(cloud.fake.calls).toEqual([]);
  });

  test('no secret is in an error, not even one that the answer repeats', async () => {
    await using cloud = await openCloud();
    const { apiKey, secretKey } = cloud.fake.admin;
    const echo = `<p>apikey=${apiKey} ${secretKey}</p>`;
    cloud.fake.faults.next('listZones', { kind: 'body', contentType: 'text/html', body: echo });
    cloud.fake.faults.next('listZones', { kind: 'error', errorcode: 431, errortext: echo });
    for (const code of ['CLOUDSTACK_BAD_ANSWER', 'CLOUDSTACK_REFUSED'] as const) {
      const error = await failure(cloud.client().call('listZones'), code);
      const text = JSON.stringify({ ...error, message: error.message, stack: error.stack });
      expect(text).not.toContain(apiKey);
      expect(text).not.toContain(secretKey);
      expect(text).toContain('***');
    }
  });
});

describe('the connection', () => {
  test('nobody listening is unreachable', async () => {
    const client = new CloudStackClient({ endpoint: 'http://127.0.0.1:1/client/api', apiKey: 'a', secretKey: 'b' });
    const error = await failure(client.call('startVirtualMachine'), 'CLOUDSTACK_UNREACHABLE');
    expect(error.message).toBe('CloudStack cannot be reached for startVirtualMachine: ECONNREFUSED');
    client.close();
  });

  test.each(['reset', 'cut'] as const)('a list is repeated after a %s, at most twice', async (kind) => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind }, 2);
    await cloud.client().call('listZones');
    expect(cloud.waits).toEqual([200, 400]);
    cloud.fake.faults.next('listZones', { kind }, 3);
    await failure(cloud.client().call('listZones'), 'CLOUDSTACK_UNREACHABLE');
    expect(cloud.fake.calls).toHaveLength(6);
  });

  test('a change is never repeated after a lost connection', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('createVolume', { kind: 'cut' });
    const client = cloud.client();
    const offering = cloud.fake.cloud.diskOfferings[0]?.id;
    await failure(
      client.call('createVolume', { name: 'a', zoneid: cloud.fake.cloud.zone.id, diskofferingid: offering }),
      'CLOUDSTACK_UNREACHABLE',
    );
    expect(cloud.fake.calls).toEqual(['createVolume']);
    expect(cloud.fake.volume('a').state).toBe('Allocated');
  });

  test('no answer in time is a timeout', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'hang' });
    await failure(cloud.client({ timeoutMs: 50 }).call('listZones'), 'CLOUDSTACK_TIMEOUT');
  });

  test("a call's own deadline is shorter than the client's", async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'hang' });
    const error = await failure(cloud.client().call('listZones', {}, { deadlineMs: 40 }), 'CLOUDSTACK_TIMEOUT');
    expect(error.message).toBe('CloudStack did not answer listZones in 40 ms');
  });

  test('a signal ends a call with its reason', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'hang' });
    const controller = new AbortController();
    const call = cloud.client().call('listZones', {}, { signal: controller.signal });
    await until(() => cloud.fake.calls.length === 1);
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });

  test('a late answer within the time is taken', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'delay', ms: 30 });
    expect(await cloud.client().call('listZones')).toMatchObject({ count: 1 });
  });

  test('an idle connection is closed before the server would', async () => {
    await using server = await rawServer(() => ['{"a":{"b":1}}', 200, { 'content-type': 'application/json' }], { idleMs: 30 });
    await server.client.call('listZones');
    expect(server.closed()).toBe(0);
    await until(() => server.closed() === 1);
    await server.client.call('listZones');
  });

  test('connections are shared: no more than maxSockets', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'delay', ms: 5 }, 20);
    const client = cloud.client({ maxSockets: 2 });
    await Promise.all(Array.from({ length: 20 }, () => client.call('listZones')));
    expect(await cloud.fake.connectionCount()).toBeLessThanOrEqual(2);
  });

  test('a closed client refuses', async () => {
    await using cloud = await openCloud();
    const client = cloud.client();
    client.close();
    await failure(client.call('listZones'), 'CLOUDSTACK_CLOSED');
  });
});

describe('refusals', () => {
  test('401 of one command is not lost credentials', async () => {
    await using cloud = await openCloud();
    const error = await failure(cloud.client().call('startWonders'), 'CLOUDSTACK_NOT_OFFERED');
    expect([error.command, error.errorCode]).toEqual(['startWonders', 401]);
    expect(cloud.fake.calls).toEqual(['startWonders', 'listCapabilities']);
  });

  test('401 of everything is', async () => {
    await using cloud = await openCloud();
    cloud.fake.userRow('alice').enabled = false;
    const error = await failure(cloud.client({ user: 'alice' }).call('listZones'), 'CLOUDSTACK_UNAUTHORIZED');
    expect(error.command).toBe('listZones');
  });

  test('401 while the server is lost stays open', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listCapabilities', { kind: 'html' });
    await failure(cloud.client().call('nosuch'), 'CLOUDSTACK_BAD_ANSWER');
  });

  test('432 is a command that the role may not use', async () => {
    await using cloud = await openCloud();
    await failure(cloud.client({ user: 'alice' }).call('listHosts'), 'CLOUDSTACK_NOT_OFFERED');
  });

  test('an error has its numbers and text', async () => {
    await using cloud = await openCloud();
    const error = await failure(cloud.client().call('listVirtualMachines', { details: 'nosuch' }), 'CLOUDSTACK_REFUSED');
    expect([error.httpStatus, error.errorCode, error.csErrorCode]).toEqual([431, 431, 4350]);
    expect(error.errorText).toMatch(/^The details parameter contains/);
  });

  test('an error can lack text and number, or be null altogether', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'body', status: 530, body: '{"listzonesresponse":{"uuidList":[],"errorcode":530}}' });
    cloud.fake.faults.next('listZones', { kind: 'body', status: 531, body: 'null' });
    const bare = await failure(cloud.client().call('listZones'), 'CLOUDSTACK_REFUSED');
    expect([bare.errorCode, bare.errorText]).toEqual([530, undefined]);
    expect((await failure(cloud.client().call('listZones'), 'CLOUDSTACK_REFUSED')).errorCode).toBe(531);
  });

  test('429 is waited out as its text says', async () => {
    await using cloud = await openCloud();
    cloud.fake.throttle.set({ max: 2, intervalMs: 3000 });
    const client = cloud.client({ user: 'bob' });
    for (let call = 0; call < 6; call++) await client.call('listZones');
    expect(cloud.waits.length).toBeGreaterThan(0);
    expect(Math.max(...cloud.waits)).toBeLessThanOrEqual(3010);
  });

  test('429 for ever, or for long, is given up', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'status', status: 429, retryAfterMs: 200 }, 5);
    const tired = await failure(cloud.client().call('listZones'), 'CLOUDSTACK_RATE_LIMITED');
    expect(tired.retryAfterMs).toBe(200);
    cloud.fake.faults.next('listZones', { kind: 'status', status: 429, retryAfterMs: 60_000 });
    await failure(cloud.client().call('listZones'), 'CLOUDSTACK_RATE_LIMITED');
    expect(cloud.waits).toEqual([210, 210, 210, 210]);
  });

  test('429 beyond the deadline is not waited for', async () => {
    await using cloud = await openCloud();
    cloud.fake.faults.next('listZones', { kind: 'status', status: 429, retryAfterMs: 2000 });
    await failure(cloud.client().call('listZones', {}, { deadlineMs: 1000 }), 'CLOUDSTACK_RATE_LIMITED');
  });
});

test('every request carries an expiry that an enforcing server takes, and is a POST', async () => {
  await using cloud = await openCloud();
  cloud.fake.settings.enforceTimestamps = true;
  const vm = await cloud.fake.addVm({ name: 'one', disks: [{}] });
  await cloud.client().run('startVirtualMachine', { id: vm.id });
  expect(vm.state).toBe('Running');
});

test('the log names commands, not parameters', async () => {
  await using cloud = await openCloud();
  const entries: unknown[] = [];
  await cloud.client({ log: (entry) => entries.push(entry) }).call('listZones', { keyword: 'zone' });
  expect(entries).toEqual([{ command: 'listZones', ms: 0, status: 200, attempt: 0 }]);
});

type Answer = readonly [body: string, status: number, headers?: Record<string, string>];

/** A server of our own, for what the fake does not do. */
async function rawServer(
  answer: (request: { headers: NodeJS.Dict<string | string[]> }) => Answer | readonly [string | string[], number],
  more = {},
) {
  const seen: Array<string | string[]> = [];
  let closed = 0;
  const server = createServer((request, response) => {
    const [body, status, headers = {}] = answer(request) as Answer;
    seen.push(body);
    response.writeHead(status, headers);
    response.end(body);
  });
  server.on('connection', (socket) => socket.once('close', () => (closed += 1)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new CloudStackClient({ endpoint: `http://127.0.0.1:${port}/client/api`, apiKey: 'a', secretKey: 'b', ...more });
  return {
    client,
    seen,
    closed: () => closed,
    async [Symbol.asyncDispose]() {
      client.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('errors are of one class', async () => {
  await using cloud = await openCloud();
  await expect(cloud.client().call('nosuch')).rejects.toBeInstanceOf(CloudStackError);
});
