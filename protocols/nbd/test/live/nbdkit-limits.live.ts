import { connectNbd } from '@fairlead/nbd';
import { lacks, nbdkit } from '@fairlead/testkit/nbd';
import { describe, expect, test } from 'vitest';
import { KiB, MiB, readAll, yielding } from '../support/clients.ts';
import { differsAt } from '../support/differs-at.ts';
import { patternBytes } from '../support/pattern.ts';
import { CopySink } from '../support/sinks.ts';

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
    await one.writeFrom(100_001, 2_500_000, yielding(Buffer.alloc(2_500_000, 7), 65_536));
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
