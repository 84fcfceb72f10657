import { rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { connectNbd, type NbdClient } from '@fairlead/nbd';
import { lacks, nbdkit } from '@fairlead/testkit/nbd';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { KiB, MiB } from '../support/clients.ts';
import { differsAt } from '../support/differs-at.ts';
import { patternBytes } from '../support/pattern.ts';
import { CopySink } from '../support/sinks.ts';

describe.skipIf(lacks('nbdkit'))('faults of nbdkit', () => {
  test.each([
    ['pread', 'EIO', 5, (client: NbdClient) => client.read(0, 512)],
    ['pwrite', 'ENOSPC', 28, (client: NbdClient) => client.write(0, [Buffer.alloc(512)])],
    ['pwrite', 'EPERM', 1, (client: NbdClient) => client.write(0, [Buffer.alloc(512)])],
    ['zero', 'ENOMEM', 12, (client: NbdClient) => client.zero(0, 512)],
    ['extents', 'EIO', 5, (client: NbdClient) => Array.fromAsync(client.extents())],
  ] as const)('in %s: %s is told as such, and passes when it passes', async (operation, error, errno, call) => {
    await using folder = await tempDir();
    const trigger = join(folder.path, 'broken');
    await writeFile(trigger, '');
    const args = ['4M', `error-${operation}=${error}`, `error-${operation}-rate=100%`, `error-${operation}-file=${trigger}`];
    await using server = await nbdkit({ plugin: 'memory', args, filters: ['error'] });
    await using client = await connectNbd({ socketPath: server.socketPath });

    await expect(call(client)).rejects.toMatchObject({ code: 'NBD_REPLY', errno });
    await rm(trigger);

    await expect(call(client)).resolves.not.toThrow();
  });

  test('now and then: reading again from where it failed gets everything', async () => {
    const args = ['64M', 'error-pread=EIO', 'error-pread-rate=5%'];
    await using server = await nbdkit({ plugin: 'pattern', args, filters: ['error'] });
    await using client = await connectNbd({ socketPath: server.socketPath, readAhead: { requestBytes: 256 * KiB } });
    const sink = new CopySink();
    let failures = 0;

    while (sink.length < client.size && failures < 1000) {
      await client.readTo(sink.length, client.size - sink.length, sink).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'NBD_REPLY', errno: 5 });
        failures += 1;
      });
    }

    expect(failures).toBeGreaterThan(0);
    expect(differsAt(sink.bytes, patternBytes(64 * MiB))).toBe(-1);
  });

  test('delays shorter than the patience are borne, longer ones are not', async () => {
    await using server = await nbdkit({ plugin: 'memory', args: ['4M', 'rdelay=300ms'], filters: ['delay'] });
    const { socketPath } = server;
    await using patient = await connectNbd({ socketPath });
    await using impatient = await connectNbd({ socketPath, requestMs: 100 });

    expect(await patient.read(0, 512)).toEqual(Buffer.alloc(512));
    await expect(impatient.read(0, 512)).rejects.toMatchObject({ code: 'NBD_TIMEOUT' });
  });

  test('a delay of 20 s is cut short by the caller', async () => {
    await using server = await nbdkit({ plugin: 'memory', args: ['4M', 'rdelay=20'], filters: ['delay'] });
    await using client = await connectNbd({ socketPath: server.socketPath });
    const abort = new AbortController();
    const reading = client.read(0, 512, { signal: abort.signal });

    abort.abort();

    await expect(reading).rejects.toMatchObject({ code: 'NBD_ABORTED' });
    await until(() => client.closed, { timeoutMs: 3000 });
    await server.kill();
  });

  test('a slow opening runs into the deadline of the negotiation', async () => {
    await using server = await nbdkit({ plugin: 'memory', args: ['4M', 'delay-open=2'], filters: ['delay'] });
    const { socketPath } = server;

    await expect(connectNbd({ socketPath, handshakeMs: 200 })).rejects.toMatchObject({ code: 'NBD_TIMEOUT' });
    await server.kill();
  });

  test('a pause is waited for', async () => {
    await using folder = await tempDir();
    const control = join(folder.path, 'control');
    await using server = await nbdkit({ plugin: 'memory', args: ['4M', `pause-control=${control}`], filters: ['pause'] });
    await using client = await connectNbd({ socketPath: server.socketPath });
    await command(control, 'p', 'P');
    let settled = false;

    const reading = client.read(0, 512).finally(() => {
      settled = true;
    });
    const quiet = await connectNbd({ socketPath: server.socketPath });
    quiet.destroy();
    expect(settled).toBe(false);
    await command(control, 'r', 'R');

    expect(await reading).toEqual(Buffer.alloc(512));
  });

  test('a server that is told to go finishes its clients and then refuses new ones', async () => {
    await using folder = await tempDir();
    const signal = join(folder.path, 'go');
    const args = ['4M', `exit-when-file-created=${signal}`, 'exit-when-poll=1'];
    await using server = await nbdkit({ plugin: 'memory', args, filters: ['exitwhen'] });
    const client = await connectNbd({ socketPath: server.socketPath });

    await writeFile(signal, '');
    expect(await client.read(0, 1)).toEqual(Buffer.of(0));
    await client.close();

    await until(() => server.process.exitCode !== null, { what: 'nbdkit to leave' });
    await expect(connectNbd({ socketPath: server.socketPath })).rejects.toMatchObject({ code: 'NBD_CONNECT' });
  });

  test('a server that leaves with its last client is found gone', async () => {
    await using server = await nbdkit({ plugin: 'memory', args: ['4M'], filters: ['exitlast'], ready: 'socket' });
    const client = await until(() => connectNbd({ socketPath: server.socketPath }));

    await client.close();

    await until(() => server.process.exitCode !== null, { what: 'nbdkit to leave' });
    await expect(connectNbd({ socketPath: server.socketPath })).rejects.toMatchObject({ code: 'NBD_CONNECT' });
  });

  test('a killed server rejects writes and waiting calls', async () => {
    await using server = await nbdkit({ plugin: 'memory', args: ['4M', 'wdelay=20'], filters: ['delay'] });
    await using client = await connectNbd({ socketPath: server.socketPath });
    const writes = [client.write(0, [Buffer.alloc(512)]), client.zero(512, 512)].map((call) => call.catch((error: unknown) => error));
    await client.read(0, 512);

    await server.kill('SIGKILL');

    expect(await Promise.all(writes)).toMatchObject([{ code: 'NBD_CONNECTION_LOST' }, { code: 'NBD_CONNECTION_LOST' }]);
  });
});

/** Sends a letter to the pause filter's control socket and waits for the answer. */
async function command(path: string, letter: string, answer: string): Promise<void> {
  const socket = createConnection({ path });
  let heard = '';
  socket.on('data', (bytes) => {
    heard += String(bytes);
  });
  socket.write(letter);
  await until(() => heard.includes(answer), { what: `the pause filter to answer ${answer}` });
  socket.destroy();
}
