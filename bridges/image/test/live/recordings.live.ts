import { join } from 'node:path';
import { createQcow2, qemuImg } from '@fairlead/testkit/disks';
import { type NbdServer, qemuNbd, run } from '@fairlead/testkit/nbd';
import { describe, expect, test } from 'vitest';
import { type TestBridge, testBridge } from '../support/bridge.ts';
import { RawClient, type RawTarget } from '../support/raw-client.ts';
import { type Difference, disagreements, loadRecording, type RecordedCase } from '../support/recordings.ts';
import { control } from '../support/tickets.ts';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const forbidden = 'You are not allowed to access this resource: ';

const dataDifferences: Readonly<Record<string, Difference>> = {
  'get start beyond open ended': {
    clause: '2.4: a range that begins at the end is 416',
    status: 416,
    body: 'Requested range out of allowed range',
  },
  'get start way beyond open ended': {
    clause: '2.4: a range beyond the end is 416',
    status: 416,
    body: 'Requested range out of allowed range',
  },
  head: { clause: '2.1: HEAD has no body', body: '' },
  'put bad cl': { clause: '2.10: what the parser gives up ends the connection', closed: true },
  'put neg cl': { clause: '2.10: what the parser gives up ends the connection', closed: true },
  'put chunked': { clause: '2.5: 400 and close, so that chunks are no next request', closed: true },
  'zero true size': { clause: '2.6: booleans are no integers', status: 400, body: 'Integer required True' },
  list: { clause: '2.6: JSON but not an object is 400', status: 400, body: 'Invalid JSON message' },
  string: { clause: '2.6: JSON but not an object is 400', status: 400, body: 'Invalid JSON message' },
  junk: { clause: "2.6: the parser's own text", body: 'Invalid JSON message' },
  binary: { clause: "2.6: the parser's own text", body: 'Invalid JSON message' },
  checksum: { clause: '2.3: the feature is left out', status: 404, body: 'No handler for' },
  'checksum algos': { clause: '2.3: the feature is left out', status: 404, body: 'No handler for' },
  'checksum bad': { clause: '2.3: the feature is left out', status: 404, body: 'No handler for' },
  'long uri': { clause: '2.2: plain text for these too', status: 414, body: 'Request-URI Too Long' },
  'http/1.0': { clause: '2.6: the zeroing before was refused, so the byte is still there', body: 'a' },
  'conn close hdr': { clause: '2.6: the zeroing before was refused, so the byte is still there', body: 'a' },
  garbage: { clause: '2.2: plain text for these too', status: 400, body: "Bad request syntax ('garbage')" },
};

const ticketDifferences: Readonly<Record<string, Difference>> = {
  'CTL DELETE /tickets/cu': { clause: '3.5: clients that do not read are cut after a grace', status: 204, body: '' },
  'CTL GET /tickets/cu': { clause: '3.5: so the ticket is gone at once', status: 404, body: "No such ticket 'cu'" },
  'after cancel, new con': { clause: '3.5: so the ticket is gone at once', status: 403, body: `${forbidden}No such ticket cu` },
  'write past image': {
    clause: '2.5: 416 like GET',
    status: 416,
    closed: true,
    body: 'Requested more bytes than available: 8388612 > 8388608',
  },
  'zero past image': { clause: '2.5: 416 like GET', status: 416, body: 'Requested more bytes than available: 8388700 > 8388608' },
  'ro export write': {
    clause: '2.5: 403 for a read-only export',
    status: 403,
    closed: true,
    body: `${forbidden}Transfer=(ticket/row) forbids write`,
  },
  'ro export zero': {
    clause: '2.5: 403 for a read-only export',
    status: 403,
    closed: true,
    body: `${forbidden}Transfer=(ticket/row) forbids write`,
  },
};

interface Backends extends AsyncDisposable {
  readonly small: NbdServer;
  readonly src: NbdServer;
  readonly dst: NbdServer;
}

/** The three disks of the recorder: `src` with data, holes and a zeroed part, the others empty. */
async function backends(bridge: TestBridge): Promise<Backends> {
  const path = (name: string) => join(bridge.images, `${name}.qcow2`);
  await qemuImg(['create', '-q', '-f', 'qcow2', '-o', 'compression_type=zstd,cluster_size=2M', path('src'), String(4 * GiB)]);
  const write = (start: number, length: number) => ['-c', `write -q -c -P 1 ${start} ${length}`];
  const zero = ['-c', `write -q -z ${2.5 * GiB} ${256 * MiB}`];
  await run('qemu-io', [
    '-f',
    'qcow2',
    ...write(0, GiB),
    ...write(2 * GiB, 512 * MiB),
    ...zero,
    ...write(3.75 * GiB, 256 * MiB),
    path('src'),
  ]);
  await createQcow2(path('dst'), 4 * GiB);
  await createQcow2(path('small'), 8 * MiB);
  const scope = new AsyncDisposableStack();
  const serve = async (name: string, readOnly: boolean) =>
    scope.use(await qemuNbd({ image: path(name), format: 'qcow2', readOnly, allocationDepth: true }));
  return {
    small: await serve('small', false),
    src: await serve('src', true),
    dst: await serve('dst', false),
    [Symbol.asyncDispose]: () => scope.disposeAsync(),
  };
}

class Replay {
  readonly wrong: string[] = [];
  compared = 0;
  deliberate = 0;
  readonly #differences: Readonly<Record<string, Difference>>;

  constructor(differences: Readonly<Record<string, Difference>>) {
    this.#differences = differences;
  }

  /** Sends one recorded request and compares; gives the connection back if the test wants to go on with it. */
  async run(step: RecordedCase, target: RawTarget, probe: string): Promise<RawClient> {
    const client = await RawClient.open(target);
    client.send(step.label === 'long uri' ? `${step.request.trimEnd()}${'a'.repeat(5000)} HTTP/1.1\r\nHost: h\r\n\r\n` : step.request);
    let answer = await client
      .answer(step.request.startsWith('HEAD '))
      .catch((error) => Promise.reject(new Error(step.label, { cause: error })));
    if (answer.status === 100) {
      expect(step.status).toBe(100);
      answer = { ...(await client.answer()), status: 100 };
      expect(answer.headers['content-length']).toBe('0');
    }
    const closed = !(await client.stillOpen(probe));
    const difference = this.#differences[step.label];
    const compared = { step: step.status === 100 ? { ...step, body: '' } : step, answer, closed };
    this.wrong.push(...disagreements(compared, difference));
    this.compared += 1;
    if (difference) this.deliberate += 1;
    return client;
  }

  report(name: string): void {
    process.stdout.write(`${name}: ${this.compared} recorded answers compared, ${this.deliberate} of them deliberately other\n`);
    expect(this.wrong).toEqual([]);
  }
}

describe('against the recordings of the real daemon', () => {
  test('the data API answers as recorded', async () => {
    await using bridge = await testBridge();
    await using nbd = await backends(bridge);
    const url = (server: NbdServer) => `nbd:unix:${server.socketPath}`;
    const common = { timeout: 3600, sparse: true };
    await control(bridge, 'PUT', 'src', { ...common, uuid: 'src', size: 4 * GiB, ops: ['read'], url: url(nbd.src) });
    await control(bridge, 'PUT', 'dst', { ...common, uuid: 'dst', size: 4 * GiB, ops: ['write'], url: url(nbd.dst) });
    const small = { ...common, uuid: 'small', size: 8 * MiB, ops: ['read', 'write'], url: url(nbd.small), filename: 'disk \u05d0.raw' };
    await control(bridge, 'PUT', 'small', small);
    const replay = new Replay(dataDifferences);
    for (const step of await loadRecording('data-api')) {
      if ('note' in step) continue;
      using _client = await replay.run(step, { url: bridge.dataUrl, ca: bridge.ca }, '/info/');
    }
    replay.report('data-api');
    expect(replay.compared).toBe(81);
  });

  test('tickets are controlled and end as recorded', async () => {
    await using bridge = await testBridge();
    await using nbd = await backends(bridge);
    const data = { url: bridge.dataUrl, ca: bridge.ca };
    const replay = new Replay(ticketDifferences);
    const sockets = { src: nbd.src.socketPath, small: nbd.small.socketPath };
    let kept: RawClient | undefined;
    let stuck: RawClient | undefined;
    for (const step of await loadRecording('tickets')) {
      if ('note' in step) {
        if (step.note.startsWith('SHORT BODY')) await shortBody(data);
        if (step.note.startsWith('start ')) stuck = await stuckReader(data);
        if (step.note.startsWith('drained')) await cutShort(stuck);
        if (step.note.startsWith('idle close')) await kept?.closed();
        if (step.note.startsWith('slow body')) await slowBody(data);
        if (step.note.startsWith('pipelined')) await pipelined(data);
        continue;
      }
      kept?.[Symbol.dispose]();
      const isControl = step.label.startsWith('CTL ');
      const target = isControl ? { socketPath: join(bridge.runDir, 'image-control.sock') } : data;
      kept = await replay.run(withSockets(step, sockets), target, isControl ? '/tickets/none' : '/info/');
    }
    kept?.[Symbol.dispose]();
    stuck?.[Symbol.dispose]();
    replay.report('tickets');
    expect(replay.compared).toBe(30);
  });
});

/** The recorder's sockets were elsewhere. */
function withSockets(step: RecordedCase, sockets: Readonly<Record<string, string>>): RecordedCase {
  const [head = '', body = ''] = step.request.split('\r\n\r\n');
  if (!body.includes('/run/nbd/')) return step;
  const moved = body.replace(/\/run\/nbd\/(\w+)\.sock/, (whole, name: string) => sockets[name] ?? whole);
  return { ...step, request: `${head.replace(/content-length: \d+/, `content-length: ${moved.length}`)}\r\n\r\n${moved}` };
}

async function shortBody(target: RawTarget): Promise<void> {
  using client = await RawClient.open(target);
  client.send('PUT /images/s1 HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc');
  client.socket.end();
  const answer = await client.answer();
  expect(answer).toMatchObject({ status: 400, headers: { connection: 'close' } });
  expect(answer.body.toString()).toBe('Requested 100 bytes, available 3 bytes\n');
  await client.closed();
}

async function stuckReader(target: RawTarget): Promise<RawClient> {
  const client = await RawClient.open(target);
  client.send('GET /images/cu HTTP/1.1\r\nHost: h\r\n\r\n');
  await new Promise<void>((resolve) => client.socket.once('data', () => resolve()));
  client.socket.pause();
  return client;
}

/** Ours has cut the reader; the real daemon let it drain. */
async function cutShort(stuck: RawClient | undefined): Promise<void> {
  stuck?.socket.resume();
  await stuck?.closed();
  expect(stuck?.received).toBeLessThan(4 * GiB);
}

async function slowBody(target: RawTarget): Promise<void> {
  using client = await RawClient.open(target);
  client.send('PUT /images/sb HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc');
  const answer = await client.answer();
  expect(answer).toMatchObject({ status: 408, headers: { connection: 'close' } });
  await client.closed();
}

async function pipelined(target: RawTarget): Promise<void> {
  using client = await RawClient.open(target);
  const get = (first: number, last: number) => `GET /images/tb HTTP/1.1\r\nHost: h\r\nRange: bytes=${first}-${last}\r\n\r\n`;
  client.send(get(0, 3) + get(0, 99_999) + get(8, 9));
  const lengths = [(await client.answer()).body.length, (await client.answer()).body.length, (await client.answer()).body.length];
  expect(lengths).toEqual([4, 100_000, 2]);
}
