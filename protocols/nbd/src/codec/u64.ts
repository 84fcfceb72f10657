const WORD = 0x1_0000_0000;

/** Writes a safe integer as u64; BigInt would cost an allocation per request. */
export function writeU64(target: Buffer, value: number, at: number): void {
  target.writeUInt32BE(Math.floor(value / WORD), at);
  target.writeUInt32BE(value % WORD, at + 4);
}

/** Reads a u64 as number; undefined if it is 2^53 or more. */
export function readU64(source: Buffer, at: number): number | undefined {
  const value = source.readUInt32BE(at) * WORD + source.readUInt32BE(at + 4);
  return value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}
