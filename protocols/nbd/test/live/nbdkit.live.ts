import { readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { connectNbd, type NbdClient } from '@fairlead/nbd';
import { lacks, nbdkit, run } from '@fairlead/testkit/nbd';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { differsAt } from '../support/differs-at.ts';
import { CopySink } from '../support/sinks.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

async function readAll(client: NbdClient): Promise<Buffer> {
  const sink = new CopySink();
  await client.readTo(0, client.size, sink);
  return sink.bytes;
}

describe.skipIf(lacks('nbdkit'))('what nbdkit cannot do', () => {
  test('structured replies: plain reads, and one extent', async () => {
    await using server = await nbdkit({ plugin: 'memory', args: ['4M'], noSr: true });
    await using client = await connectNbd({ socketPath: server.socketPath });
    const bytes = Buffer.from('plain');

    await client.write(3 * MiB, [bytes]);

    expect(client.contexts).toEqual([]);
    expect(await client.read(3 * MiB, 5)).toEqual(bytes);
    expect(await Array.fromAsync(client.extents())).toEqual([{ start: 0, length: 4 * MiB }]);
  });

  test('extents: everything is data', async () => {
    await using server = await nbdkit({ plugin: 'memory', args: ['4M'], filters: ['noextents'] });
    await using client = await connectNbd({ socketPath: server.socketPath });

    expect(await Array.fromAsync(client.extents())).toEqual([{ start: 0, length: 4 * MiB, allocation: 0 }]);
  });

  test.each(['none', 'emulate', 'notrim'])('write zeroes (%s): zeroes are written', async (zeromode) => {
    await using server = await nbdkit({ plugin: 'memory', args: ['4M', `zeromode=${zeromode}`], filters: ['nozero'] });
    await using client = await connectNbd({ socketPath: server.socketPath });
    await client.write(0, [Buffer.alloc(4 * MiB, 1)]);

    await client.zero(100, 3 * MiB);

    expect(client.flags.writeZeroes).toBe(zeromode !== 'none');
    expect(differsAt(await readAll(client), Buffer.alloc(4 * MiB, 1).fill(0, 100, 3 * MiB + 100))).toBe(-1);
  });

  test('several connections, durable writes, caching: the flags say so', async () => {
    const args = ['4M', 'multi-conn-mode=disable', 'cachemode=none'];
    await using server = await nbdkit({ plugin: 'memory', args, filters: ['multi-conn', 'fua', 'nocache'] });
    await using client = await connectNbd({ socketPath: server.socketPath });

    await client.write(0, [Buffer.from('safe')], { fua: true });

    expect(client.flags).toMatchObject({ multiConn: false, fua: false, cache: false });
    expect(String(await client.read(0, 4))).toBe('safe');
  });

  test('clear text: a server that requires TLS is refused clearly, one that offers it is not', async () => {
    await using folder = await tempDir();
    const psk = join(folder.path, 'keys.psk');
    await writeFile(psk, `alice:${'0123456789abcdef'.repeat(4)}\n`, { mode: 0o600 });
    await using strict = await nbdkit({ plugin: 'memory', args: ['4M'], options: ['--tls=require', `--tls-psk=${psk}`] });
    await using lenient = await nbdkit({ plugin: 'memory', args: ['4M'], options: ['--tls=on', `--tls-psk=${psk}`] });

    await using client = await connectNbd({ socketPath: lenient.socketPath });

    expect(client.size).toBe(4 * MiB);
    await expect(connectNbd({ socketPath: strict.socketPath })).rejects.toMatchObject({ code: 'NBD_TLS_REQUIRED' });
  });
});

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

describe.skipIf(lacks('nbdkit'))('limits of nbdkit', () => {
  const strict = ['blocksize-minimum=4096', 'blocksize-preferred=4096', 'blocksize-maximum=1M', 'blocksize-error-policy=error'];

  test('blocks of 4 KiB: unaligned calls succeed, and none is lost', async () => {
    await using server = await nbdkit({ plugin: 'memory', args: ['4M', ...strict], filters: ['blocksize-policy'] });
    const { socketPath } = server;
    await using one = await connectNbd({ socketPath });
    await using other = await connectNbd({ socketPath });
    const expected = Buffer.alloc(4 * MiB);

    const writes: Promise<void>[] = [];
    for (let index = 0; index < 200; index += 1) {
      const bytes = Buffer.alloc(61, index + 1);
      bytes.copy(expected, index * 61);
      writes.push((index % 2 === 0 ? one : other).write(index * 61, [bytes]));
    }
    await Promise.all(writes);
    await one.writeFrom(100_001, 2_500_000, chunks(2_500_000, 7));
    await one.zero(1_000_003, 77_777);
    expected.fill(7, 100_001, 2_600_001).fill(0, 1_000_003, 1_077_780);

    expect(differsAt(await readAll(other), expected)).toBe(-1);
    expect(await other.read(4095, 3)).toEqual(expected.subarray(4095, 4098));
  });

  test('requests of 1 MiB at most: longer ones are cut', async () => {
    await using server = await nbdkit({ plugin: 'pattern', args: ['16M', ...strict], filters: ['blocksize-policy'] });
    await using client = await connectNbd({ socketPath: server.socketPath, readAhead: { requestBytes: 8 * MiB } });

    expect(client.blockSize).toEqual({ min: 4096, preferred: 4096, max: MiB });
    expect(differsAt(await readAll(client), patternBytes(16 * MiB))).toBe(-1);
  });

  test('a size that is no multiple of the block: the rest is out of reach, and said to be', async () => {
    await using server = await nbdkit({ plugin: 'memory', args: ['10000', ...strict], filters: ['blocksize-policy'] });
    await using client = await connectNbd({ socketPath: server.socketPath });

    expect(client.size).toBe(10_000);
    expect(await client.read(0, 8192)).toHaveLength(8192);
    await expect(client.read(0, 10_000)).rejects.toMatchObject({ code: 'NBD_OUT_OF_RANGE' });
  });

  test('a slow line: nothing times out while bytes come, and memory stays bounded', async () => {
    await using server = await nbdkit({ plugin: 'pattern', args: ['4M', 'rate=32M'], filters: ['rate'] });
    await using client = await connectNbd({
      socketPath: server.socketPath,
      requestMs: 600,
      readAhead: { requestBytes: 256 * KiB, inFlight: 4 },
    });
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const sink = new CopySink();
    const write = sink.write.bind(sink);
    sink.write = (chunk, release) => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      return write(chunk, release);
    };

    await client.readTo(0, client.size, sink);

    expect(differsAt(sink.bytes, patternBytes(4 * MiB))).toBe(-1);
    expect(most - before).toBeLessThan(16 * MiB);
  });
});

describe.skipIf(lacks('nbdkit'))('contents from nbdkit', () => {
  test('one extent per reply, merged', async () => {
    const script = 'case $(( ($4 / 65536) % 3 )) in 0) t=hole,zero;; 1) t=zero;; *) t=;; esac; echo "$4 $(( 65536 - $4 % 65536 )) $t"';
    const args = ['get_size=echo 1048576', 'pread=dd if=/dev/zero bs=$3 count=1 2>/dev/null', 'can_extents=exit 0', `extents=${script}`];
    await using server = await nbdkit({ plugin: 'eval', args });
    await using client = await connectNbd({ socketPath: server.socketPath });

    const found = await Array.fromAsync(client.extents());

    expect(found).toHaveLength(16);
    expect(found.slice(0, 4)).toEqual([
      { start: 0, length: 64 * KiB, allocation: 3 },
      { start: 64 * KiB, length: 64 * KiB, allocation: 2 },
      { start: 128 * KiB, length: 64 * KiB, allocation: 0 },
      { start: 192 * KiB, length: 64 * KiB, allocation: 3 },
    ]);
  });

  test.skipIf(lacks('nbdcopy'))('a sparse disk is read as nbdcopy reads it, with and without extents', async () => {
    await using folder = await tempDir();
    await using server = await nbdkit({ plugin: 'sparse-random', args: ['size=64M', 'seed=42'] });
    await using client = await connectNbd({ socketPath: server.socketPath });
    const copy = join(folder.path, 'copy.raw');
    await run('nbdcopy', [`nbd+unix:///?socket=${server.socketPath}`, copy]);
    const expected = await readFile(copy);

    const assembled = Buffer.alloc(client.size);
    let covered = 0;
    for await (const { start, length, allocation = 0 } of client.extents()) {
      covered += length;
      if ((allocation & 2) === 0) (await client.read(start, length)).copy(assembled, start);
    }

    expect(covered).toBe(client.size);
    expect(differsAt(await readAll(client), expected)).toBe(-1);
    expect(differsAt(assembled, expected)).toBe(-1);
  });
});

/** nbdkit's pattern plugin: every 8 bytes hold their own offset. */
function patternBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 8) bytes.writeUInt32BE(at, at + 4);
  return bytes;
}

async function* chunks(length: number, byte: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; at += 65_536) yield Buffer.alloc(Math.min(65_536, length - at), byte);
}

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
