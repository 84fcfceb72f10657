const ENCODER = new TextEncoder();
const BLOCK = 64;
/** One bit and the length, which follow the message. */
const TAIL = 9;
const words = new Int32Array(80);
/** Where messages of usual length are laid out; a longer one gets a room of its own. */
const usual = new DataView(new ArrayBuffer(8 * 1024));

/**
 * SHA-1 in lower-case hexadecimal (FIPS 180-4 6.1.2), because the API signs with it. Here and not from node:crypto: it answers at once
 * where there is no Node, and a program that only imports this package loads nothing.
 */
export function sha1(...parts: readonly (string | Uint8Array)[]): string {
  let most = 0;
  for (const part of parts) most += typeof part === 'string' ? part.length * 3 : part.length;
  const room = most + TAIL + BLOCK <= usual.byteLength ? usual : new DataView(new ArrayBuffer(most + TAIL + BLOCK));
  const length = layOut(parts, new Uint8Array(room.buffer));
  const end = Math.ceil((length + TAIL) / BLOCK) * BLOCK;
  room.setUint32(end - 8, Math.floor(length / 2 ** 29));
  room.setUint32(end - 4, (length * 8) >>> 0);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  for (let at = 0; at < end; at += BLOCK) digestBlock(state, room, at);
  let text = '';
  for (const word of state) text += (word >>> 0).toString(16).padStart(8, '0');
  return text;
}

/** The message, one bit, and zeros to the end of its last block. Gives the length of the message. */
function layOut(parts: readonly (string | Uint8Array)[], bytes: Uint8Array): number {
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'string') at += ENCODER.encodeInto(part, bytes.subarray(at)).written;
    else {
      bytes.set(part, at);
      at += part.length;
    }
  }
  bytes[at] = 0x80;
  bytes.fill(0, at + 1, at + TAIL + BLOCK);
  return at;
}

function digestBlock(state: Int32Array, view: DataView, at: number): void {
  const w = words;
  for (let t = 0; t < 16; t += 1) w[t] = view.getInt32(at + t * 4);
  for (let t = 16; t < 80; t += 1) {
    const x = (w[t - 3] as number) ^ (w[t - 8] as number) ^ (w[t - 14] as number) ^ (w[t - 16] as number);
    w[t] = (x << 1) | (x >>> 31);
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  for (let t = 0; t < 80; t += 1) {
    const next = (((a << 5) | (a >>> 27)) + mixed(t, b, c, d) + e + (w[t] as number)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
}

/** The function and the constant of each 20 rounds. */
function mixed(t: number, b: number, c: number, d: number): number {
  if (t < 20) return (((b & c) | (~b & d)) + 0x5a827999) | 0;
  if (t < 40) return ((b ^ c ^ d) + 0x6ed9eba1) | 0;
  if (t < 60) return (((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc) | 0;
  return ((b ^ c ^ d) + 0xca62c1d6) | 0;
}
