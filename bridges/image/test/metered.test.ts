import { once } from 'node:events';
import { Agent, get, request } from 'node:http';
import { join } from 'node:path';
import { Metrics } from '@fairlead/kernel/metrics';
import { captureLog } from '@fairlead/testkit/capture';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { type Exchange, Listener } from '../src/api/wire/listener.ts';
import { metered } from '../src/api/wire/metered.ts';
import { agentMeter } from '../src/service/gateway/agent-meter.ts';

const KIB = 1024;
const RECEIVED = 'fairlead_image_data_bytes_total{listener="server",direction="received"}';

async function open(path: string, metrics: Metrics, handle: (exchange: Exchange) => Promise<void>): Promise<Listener> {
  const { log } = captureLog();
  return await Listener.open({ name: 'test', address: { path }, log, handle: metered(metrics, 'server', handle) });
}

async function lineOf(metrics: Metrics, start: string): Promise<number | undefined> {
  const line = (await metrics.page()).text.split('\n').find((one) => one.startsWith(start));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

test('requests of the data plane are counted by operation and status, with their bytes, and while they run', async () => {
  await using folder = await tempDir('metered-');
  const metrics = new Metrics();
  const socketPath = join(folder.path, 's');
  const hold = Promise.withResolvers<void>();
  await using _listener = await open(socketPath, metrics, async ({ response }) => {
    await hold.promise;
    response.writeHead(206, { 'content-length': 100 * KIB }).end(Buffer.alloc(100 * KIB));
  });
  const asking = get({ socketPath, path: '/images/a-ticket-that-nobody-sees/extents' });
  await until(async () => (await lineOf(metrics, 'fairlead_image_requests_active{listener="server"}')) === 1, { what: 'the request' });
  hold.resolve();
  const [answer] = await once(asking, 'response');
  await once(answer.resume(), 'end');
  await until(async () => (await lineOf(metrics, 'fairlead_image_requests_active{listener="server"}')) === 0, { what: 'its end' });

  const counted = 'fairlead_image_request_seconds_count{listener="server",operation="extents",status="206"}';
  expect(await lineOf(metrics, counted)).toBe(1);
  const served = (await lineOf(metrics, 'fairlead_image_data_bytes_total{listener="server",direction="served"}')) ?? 0;
  expect(served).toBeGreaterThanOrEqual(100 * KIB);
  expect(served).toBeLessThan(102 * KIB);
  expect((await metrics.page()).text).not.toContain('a-ticket');
});

test('the bytes of an upload are counted from its first one', async () => {
  await using folder = await tempDir('metered-');
  const metrics = new Metrics();
  const socketPath = join(folder.path, 's');
  await using _listener = await open(socketPath, metrics, async ({ request: upload, response }) => {
    for await (const _chunk of upload);
    response.end();
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let round = 1; round <= 2; round++) {
    const asking = request({ socketPath, path: '/images/x', method: 'PUT', agent });
    asking.end(Buffer.alloc(300 * KIB));
    const [answer] = await once(asking, 'response');
    await once(answer.resume(), 'end');
    await until(async () => ((await lineOf(metrics, RECEIVED)) ?? 0) >= round * 300 * KIB, { what: 'the bytes' });
    expect(await lineOf(metrics, RECEIVED)).toBeLessThan(round * 302 * KIB);
  }
  agent.destroy();
});

test('a request whose connection goes before its answer is over is counted as cut', async () => {
  await using folder = await tempDir('metered-');
  const metrics = new Metrics();
  const socketPath = join(folder.path, 's');
  await using _listener = await open(socketPath, metrics, async ({ response }) => {
    response.writeHead(200, { 'content-length': 1000 }).write('x');
  });
  const asking = get({ socketPath, path: '/images/x', agent: false });
  const [answer] = await once(asking, 'response');
  answer.on('error', () => undefined);
  answer.destroy();

  const counted = 'fairlead_image_request_seconds_count{listener="server",operation="read",status="cut"}';
  await until(async () => (await lineOf(metrics, counted)) === 1, { what: 'the cut' });
});

test('an agent is up after a call that it answered, down after one that it did not', async () => {
  const metrics = new Metrics();
  const meter = agentMeter(metrics);
  const up = () => lineOf(metrics, 'fairlead_image_agent_up{agent="kvm1:/var/lib/fairlead"}');
  expect(await up()).toBeUndefined();

  meter('kvm1:/var/lib/fairlead', 'unreachable', 1);
  expect(await up()).toBe(0);
  meter('kvm1:/var/lib/fairlead', 'answered', 0.1);
  expect(await up()).toBe(1);
  expect(await lineOf(metrics, 'fairlead_image_agent_call_seconds_count{outcome="unreachable"}')).toBe(1);
});
