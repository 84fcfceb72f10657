import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectNbd } from '@fairlead/nbd';
import { lacks, nbdkit, run } from '@fairlead/testkit/nbd';
import { tempDir } from '@fairlead/testkit/temp';
import { describe, expect, test } from 'vitest';
import { KiB, MiB, readAll } from '../support/clients.ts';
import { differsAt } from '../support/differs-at.ts';

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
