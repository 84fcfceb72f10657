import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toDirtyExtent, toZeroExtent } from './extents.ts';
import { isBelow } from './image-path.ts';
import { exportFailureCode, lacksDirectIo, qemuNbdArguments } from './qemu-nbd.ts';
import { RangeList } from './ranges.ts';

describe('imageio 17.88: RangeList', () => {
  test.each([
    [
      [
        [0, 10],
        [10, 20],
      ],
      [[0, 20]],
    ],
    [
      [
        [10, 20],
        [0, 10],
      ],
      [[0, 20]],
    ],
    [
      [
        [0, 10],
        [20, 30],
      ],
      [
        [0, 10],
        [20, 30],
      ],
    ],
    [
      [
        [0, 10],
        [20, 30],
        [5, 25],
      ],
      [[0, 30]],
    ],
    [
      [
        [0, 30],
        [10, 20],
      ],
      [[0, 30]],
    ],
    [
      [
        [10, 20],
        [0, 30],
      ],
      [[0, 30]],
    ],
    [
      [
        [5, 5],
        [7, 3],
      ],
      [],
    ],
  ] as [number, number][][][])('%j gives %j', (added, pairs) => {
    expect(new RangeList(added).pairs).toEqual(pairs);
  });

  test('counts each byte once, whatever comes in which order', async () => {
    const ranges = fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 30 });
    await fuzz('image.ranges', ranges, (pairs) => {
      const bytes = new Set<number>();
      const list = new RangeList();
      for (const [start, end] of pairs) {
        list.add(start, end);
        for (let byte = start; byte < end; byte += 1) bytes.add(byte);
      }
      let contiguous = 0;
      while (bytes.has(contiguous)) contiguous += 1;
      expect(list.total).toBe(bytes.size);
      expect(list.contiguous).toBe(contiguous);
      expect(new RangeList(list.pairs).pairs).toEqual(list.pairs);
    });
  });

  test('a union leaves its parts as they were', () => {
    const list = new RangeList([[0, 10]]);
    expect(list.with([[5, 15]]).total).toBe(15);
    expect(list.total).toBe(10);
  });
});

describe('imageio 17.71, 17.107: extents', () => {
  test.each([
    [
      { allocation: 0, depth: 1 },
      { zero: false, hole: false },
    ],
    [
      { allocation: 3, depth: 0 },
      { zero: true, hole: true },
    ],
    [
      { allocation: 2, depth: 1 },
      { zero: true, hole: false },
    ],
    [{ allocation: 1 }, { zero: false, hole: false }],
    [{ allocation: 3 }, { zero: true, hole: false }],
    [
      { allocation: 1, depth: 2 },
      { zero: false, hole: false },
    ],
    [{}, { zero: false, hole: false }],
  ])('block status %j is %j: a hole alone is never zero', (status, flags) => {
    expect(toZeroExtent({ start: 1, length: 2, ...status })).toEqual({ start: 1, length: 2, ...flags });
  });

  test.each([
    [
      { dirty: 1, allocation: 0 },
      { dirty: true, zero: false },
    ],
    [
      { dirty: 0, allocation: 3 },
      { dirty: false, zero: true },
    ],
    [{ dirty: 1 }, { dirty: true, zero: false }],
    [{}, { dirty: true, zero: false }],
  ])('block status %j is %j: what is not known is dirty', (status, flags) => {
    expect(toDirtyExtent({ start: 0, length: 1, ...status })).toEqual({ start: 0, length: 1, ...flags });
  });
});

describe('qemu-nbd', () => {
  const files = { socket: '/run/s', pidFile: '/run/p' };
  const spec = { path: '-x.img', shared: 10 };

  test('ovirt 12.41: gets the format, never writes for a reader, and no file name is an option', () => {
    const args = qemuNbdArguments({ ...spec, format: 'qcow2', readOnly: true }, files, 'direct');
    expect(args).toEqual([
      '--socket=/run/s',
      '--pid-file=/run/p',
      '--persistent',
      '--shared=10',
      '--format=qcow2',
      '--cache=none',
      '--aio=native',
      '--read-only',
      '--allocation-depth',
      '--',
      '-x.img',
    ]);
  });

  test('gives space back for a writer, and asks a raw disk for no depth', () => {
    const args = qemuNbdArguments({ ...spec, format: 'raw', readOnly: false }, files, 'buffered');
    expect(args).toEqual(
      expect.arrayContaining(['--format=raw', '--cache=writeback', '--aio=threads', '--discard=unmap', '--detect-zeroes=unmap']),
    );
    expect(args).not.toContain('--allocation-depth');
  });

  test.each([
    ['Failed to get "write" lock', 'IMAGE_IMAGE_IN_USE'],
    ['Failed to get shared "write" lock', 'IMAGE_IMAGE_IN_USE'],
    ['Image is not in qcow2 format', 'IMAGE_FORMAT_MISMATCH'],
    ['anything else', 'IMAGE_EXPORT_FAILED'],
  ])('saying %s means %s', (said, code) => {
    expect(exportFailureCode(said)).toBe(code);
  });

  test.each([
    ["Could not open 'x': file system may not support O_DIRECT", true],
    ['aio=native was specified, but it requires cache.direct=on', true],
    ['No such file or directory', false],
  ])('%s: without O_DIRECT %s', (said, lacks) => {
    expect(lacksDirectIo(said)).toBe(lacks);
  });
});

describe('isBelow', () => {
  test.each([
    ['/mnt/a/disk', true],
    ['/mnt/disk', true],
    ['/mnt', false],
    ['/mntx/disk', false],
    ['mnt/disk', false],
    ['/etc/shadow', false],
  ])('%s: %s', (path, below) => {
    expect(isBelow(['/mnt', '/images/'], path)).toBe(below);
  });

  test('a root may end in a slash', () => {
    expect(isBelow(['/images/'], '/images/x')).toBe(true);
  });
});
