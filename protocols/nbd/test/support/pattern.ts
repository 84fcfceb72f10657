/** nbdkit's pattern plugin: every 8 bytes hold their own offset. */
export function patternBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 8) bytes.writeUInt32BE(at, at + 4);
  return bytes;
}
