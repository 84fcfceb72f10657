import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectNbd, type NbdClient, type NbdExtent } from '@fairlead/nbd';
import { compareImages, createQcow2, createRaw, fillPattern, qemuImg, randomBytes } from '@fairlead/testkit/disks';
import { lacks, qemuNbd, run } from '@fairlead/testkit/nbd';
import { tempDir } from '@fairlead/testkit/temp';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { differsAt } from '../support/differs-at.ts';
import { CopySink, SlowSink } from '../support/sinks.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

interface Image extends AsyncDisposable {
  readonly folder: string;
  readonly path: string;
}

/** A qcow2 of 32 MiB: random data in the first MiB, zero clusters in the second, data at 4 MiB, else holes. */
async function patterned(): Promise<Image> {
  const folder = await tempDir('live-');
  const path = join(folder.path, 'disk.qcow2');
  await createQcow2(path, 32 * MiB);
  await fillPattern(path, 'qcow2', [
    { kind: 'random', start: 0, length: MiB, seed: 7 },
    { kind: 'zero', start: MiB, length: MiB },
    { kind: 'data', start: 4 * MiB, length: 64 * KiB, byte: 0xaa },
  ]);
  return { folder: folder.path, path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

function extents(client: NbdClient): Promise<NbdExtent[]> {
  return Array.fromAsync(client.extents());
}

describe.skipIf(lacks('qemu-nbd', 'qemu-img', 'qemu-io'))('qemu-nbd', () => {
  test('imageio 17.103: tells size, flags, contexts and block sizes of a writable image', async () => {
    await using image = await patterned();
    await using server = await qemuNbd({ image: image.path, format: 'qcow2', allocationDepth: true });

    await using client = await connectNbd({ socketPath: server.socketPath, depth: true });

    expect(client.size).toBe(32 * MiB);
    expect(client.blockSize).toEqual({ min: 1, preferred: 4096, max: 32 * MiB });
    expect(client.contexts).toEqual(['base:allocation', 'qemu:allocation-depth']);
    expect(client.flags).toMatchObject({ readOnly: false, flush: true, fua: true, writeZeroes: true, df: true, multiConn: true });
  });

  test('reads, also across holes, what was written', async () => {
    await using image = await patterned();
    await using server = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true });
    await using client = await connectNbd({ socketPath: server.socketPath });
    const sink = new CopySink();

    await client.readTo(1000, 5 * MiB, sink);

    const expected = Buffer.alloc(6 * MiB);
    randomBytes(MiB, 7).copy(expected);
    expected.fill(0xaa, 4 * MiB, 4 * MiB + 64 * KiB);
    expect(differsAt(sink.bytes, expected.subarray(1000, 1000 + 5 * MiB))).toBe(-1);
  });

  test('imageio 17.104: tells data, zeroes and holes apart', async () => {
    await using image = await patterned();
    await using server = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true, allocationDepth: true });
    await using client = await connectNbd({ socketPath: server.socketPath, depth: true });

    expect(await extents(client)).toEqual([
      { start: 0, length: MiB, allocation: 0, depth: 1 },
      { start: MiB, length: MiB, allocation: 3, depth: 1 },
      { start: 2 * MiB, length: 2 * MiB, allocation: 3, depth: 0 },
      { start: 4 * MiB, length: 64 * KiB, allocation: 0, depth: 1 },
      { start: 4 * MiB + 64 * KiB, length: 28 * MiB - 64 * KiB, allocation: 3, depth: 0 },
    ]);
  });

  test('tells how deep in a chain the data lies', async () => {
    await using image = await patterned();
    const top = join(image.folder, 'top.qcow2');
    await createQcow2(top, 32 * MiB, { backing: image.path });
    await fillPattern(top, 'qcow2', [{ kind: 'data', start: 64 * KiB, length: 64 * KiB, byte: 1 }]);
    await using server = await qemuNbd({ image: top, format: 'qcow2', readOnly: true, allocationDepth: true });
    await using client = await connectNbd({ socketPath: server.socketPath, depth: true });

    const found = await extents(client);

    expect(found.slice(0, 4)).toEqual([
      { start: 0, length: 64 * KiB, allocation: 0, depth: 2 },
      { start: 64 * KiB, length: 64 * KiB, allocation: 0, depth: 1 },
      { start: 128 * KiB, length: MiB - 128 * KiB, allocation: 0, depth: 2 },
      { start: MiB, length: MiB, allocation: 3, depth: 2 },
    ]);
  });

  test('imageio 17.100: refuses writes to a read-only export, and goes on', async () => {
    await using image = await patterned();
    await using server = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true });
    await using client = await connectNbd({ socketPath: server.socketPath });

    await expect(client.write(0, [Buffer.alloc(512)])).rejects.toMatchObject({ code: 'NBD_READ_ONLY' });
    expect(await client.read(4 * MiB, 1)).toEqual(Buffer.of(0xaa));
  });

  test('imageio 17.103: serves an export under its name only', async () => {
    await using image = await patterned();
    await using server = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true, exportName: 'vda' });
    const { socketPath } = server;

    await using client = await connectNbd({ socketPath, exportName: 'vda' });

    expect(client.size).toBe(32 * MiB);
    await expect(connectNbd({ socketPath, exportName: 'vdb' })).rejects.toMatchObject({ code: 'NBD_EXPORT_UNKNOWN' });
    await expect(connectNbd({ socketPath })).rejects.toMatchObject({ code: 'NBD_EXPORT_UNKNOWN' });
  });

  test('with one place lets a second client wait, until the first leaves', async () => {
    await using image = await patterned();
    await using server = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true, shared: 1 });
    const { socketPath } = server;
    const first = await connectNbd({ socketPath });

    await expect(connectNbd({ socketPath, handshakeMs: 200 })).rejects.toMatchObject({ code: 'NBD_TIMEOUT' });
    await first.close();
    await using second = await connectNbd({ socketPath });

    expect(second.size).toBe(32 * MiB);
  });

  test('writes exactly: what another program reads afterwards is the same', async () => {
    await using image = await patterned();
    const expected = join(image.folder, 'expected.raw');
    await qemuImg(['convert', '-f', 'qcow2', '-O', 'raw', image.path, expected]);
    const bytes = randomBytes(9 * MiB + 17, 3);
    const source = (async function* () {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    })();
    {
      await using server = await qemuNbd({ image: image.path, format: 'qcow2' });
      await using client = await connectNbd({ socketPath: server.socketPath });
      expect(await client.writeFrom(12_345, bytes.length, source)).toBe(bytes.length);
      await client.zero(2 * MiB + 1, 3 * MiB, { punchHole: false });
      await client.zero(6 * MiB, MiB);
      await client.write(31 * MiB, [Buffer.from('the '), Buffer.from('end')], { fua: true });
      await client.flush();
    }

    const memory = await readFile(expected);
    bytes.copy(memory, 12_345);
    memory.fill(0, 2 * MiB + 1, 5 * MiB + 1).fill(0, 6 * MiB, 7 * MiB);
    memory.write('the end', 31 * MiB);
    const written = join(image.folder, 'written.raw');
    await qemuImg(['convert', '-f', 'qcow2', '-O', 'raw', image.path, written]);
    expect(differsAt(await readFile(written), memory)).toBe(-1);
  });

  test('imageio 17.110: copies an image extent by extent', async () => {
    await using image = await patterned();
    const copy = join(image.folder, 'copy.qcow2');
    await createQcow2(copy, 32 * MiB);
    {
      await using from = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true });
      await using to = await qemuNbd({ image: copy, format: 'qcow2' });
      await using source = await connectNbd({ socketPath: from.socketPath });
      await using target = await connectNbd({ socketPath: to.socketPath });
      for await (const { start, length, allocation = 0 } of source.extents()) {
        if ((allocation & 2) === 0) await target.write(start, [await source.read(start, length)]);
      }
    }

    await compareImages(image.path, copy);
  });

  test('keeps reading what a slow reader takes late', async () => {
    await using image = await patterned();
    await using server = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true });
    await using client = await connectNbd({ socketPath: server.socketPath });
    const sink = new SlowSink();

    const reading = client.readTo(0, 8 * MiB, sink);
    const opening = until(() => {
      sink.open();
      return sink.length === 8 * MiB;
    });
    await reading;
    await opening;

    expect(differsAt(sink.bytes, await client.read(0, 8 * MiB))).toBe(-1);
  });

  test('rejects what is outstanding when the server is killed, and reads on from a new one', async () => {
    await using image = await patterned();
    const raw = join(image.folder, 'big.raw');
    await createRaw(raw, 64 * MiB);
    await fillPattern(raw, 'raw', [{ kind: 'random', start: 0, length: 64 * MiB, seed: 9 }]);
    const server = await qemuNbd({ image: raw, format: 'raw', readOnly: true });
    await using client = await connectNbd({ socketPath: server.socketPath });
    const sink = new SlowSink();
    const reading = client.readTo(0, 64 * MiB, sink);
    const outcome = expect(reading).rejects.toMatchObject({ code: 'NBD_CONNECTION_LOST' });
    await until(() => sink.length > 0);

    await server.kill('SIGKILL');
    await outcome;
    expect(client.closed).toBe(true);
    await using again = await qemuNbd({ image: raw, format: 'raw', readOnly: true, socketPath: server.socketPath });
    await using second = await connectNbd({ socketPath: again.socketPath });
    const rest = new CopySink();
    await second.readTo(sink.length, 64 * MiB - sink.length, rest);

    expect(differsAt(Buffer.concat([sink.bytes, rest.bytes]), randomBytes(64 * MiB, 9))).toBe(-1);
    await server[Symbol.asyncDispose]();
  });
});

test.skipIf(lacks('qemu-nbd', 'qemu-img', 'nbdcopy'))('nbdcopy and this client read the same', async () => {
  await using image = await patterned();
  await using server = await qemuNbd({ image: image.path, format: 'qcow2', readOnly: true });
  await using client = await connectNbd({ socketPath: server.socketPath });
  const copy = join(image.folder, 'copy.raw');

  await run('nbdcopy', [`nbd+unix:///?socket=${server.socketPath}`, copy]);

  expect(differsAt(await client.read(0, 32 * MiB), await readFile(copy))).toBe(-1);
});
