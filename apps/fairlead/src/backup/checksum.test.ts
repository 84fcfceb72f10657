import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { BLOCK_BYTES, BlockFeeder, DiskChecksum } from './checksum.ts';

const SIZE = 2 * BLOCK_BYTES + 12_345;

function reference(disk: Buffer): string {
  const whole = createHash('blake2b512');
  for (let at = 0; at < disk.length; at += BLOCK_BYTES) {
    const block = Buffer.concat([disk.subarray(at, at + BLOCK_BYTES), Buffer.alloc(BLOCK_BYTES)], BLOCK_BYTES);
    whole.update(createHash('blake2b512').update(block).digest());
  }
  return whole.digest('hex');
}

test('blocks fed in any order and in any pieces give the checksum of the whole', () => {
  const disk = Buffer.alloc(SIZE, 'fairlead');
  const checksum = new DiskChecksum(SIZE);

  const last = new BlockFeeder(checksum, 2 * BLOCK_BYTES);
  last.update(disk.subarray(2 * BLOCK_BYTES));
  last.end();
  const first = new BlockFeeder(checksum, 0);
  for (let at = 0; at < 2 * BLOCK_BYTES; at += 1_000_003) first.update(disk.subarray(at, Math.min(at + 1_000_003, 2 * BLOCK_BYTES)));
  first.end();

  expect(checksum.digest()).toBe(reference(disk));
});

test('a block that nobody read counts as zeroes', () => {
  const disk = Buffer.alloc(2 * BLOCK_BYTES);
  disk.fill('x', BLOCK_BYTES, 2 * BLOCK_BYTES);
  const checksum = new DiskChecksum(SIZE);

  const feeder = new BlockFeeder(checksum, BLOCK_BYTES);
  feeder.update(disk.subarray(BLOCK_BYTES, 2 * BLOCK_BYTES));

  expect(checksum.digest()).toBe(reference(disk));
});

test('zeroes at the end do not count: a disk that was restored to a larger one has the checksum of its backup', () => {
  const content = Buffer.alloc(BLOCK_BYTES + 512, 'x');
  const sumOf = (size: number) => {
    const disk = Buffer.concat([content, Buffer.alloc(size)], size);
    const checksum = new DiskChecksum(size);
    const feeder = new BlockFeeder(checksum, 0);
    feeder.update(disk);
    feeder.end();
    return checksum.digest();
  };

  expect(sumOf(3 * BLOCK_BYTES)).toBe(sumOf(content.length));
  expect(new DiskChecksum(BLOCK_BYTES).digest()).toBe(new DiskChecksum(5 * BLOCK_BYTES).digest());
});

test('one changed bit changes the checksum', () => {
  const disk = Buffer.alloc(BLOCK_BYTES, 1);
  const feed = (bytes: Buffer) => {
    const checksum = new DiskChecksum(BLOCK_BYTES);
    new BlockFeeder(checksum, 0).update(bytes);
    return checksum.digest();
  };
  const before = feed(disk);

  disk.writeUInt8(3, 1_234_567);

  expect(feed(disk)).not.toBe(before);
});

test('refuses to begin inside a block', () => {
  expect(() => new BlockFeeder(new DiskChecksum(SIZE), 512)).toThrow(RangeError);
});
