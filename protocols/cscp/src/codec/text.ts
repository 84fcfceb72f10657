import { isUtf8 } from 'node:buffer';

/** A byte that is not UTF-8 is this plus the byte, which is a lone low surrogate. */
const BYTE_BASE = 0xdc00;
const REPLACEMENT = 0xfffd;

/** The text of bytes: UTF-8 is decoded, every byte that is not part of UTF-8 becomes U+DC80 to U+DCFF. A bijection with `bytesFromText`. */
export function textFromBytes(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  return isUtf8(buffer) ? buffer.toString('utf8') : decodeMixed(buffer);
}

/** The bytes behind a text. A lone surrogate that stands for no byte becomes U+FFFD. */
export function bytesFromText(text: string): Buffer {
  return text.isWellFormed() ? Buffer.from(text, 'utf8') : encodeMixed(text);
}

/** The same bytes in the one form that `textFromBytes` gives: bytes that make UTF-8 together become characters. */
export function normalizeText(text: string): string {
  return text.isWellFormed() ? text : textFromBytes(encodeMixed(text));
}

/** The text that stands for one byte from 0x80 to 0xff that is not part of UTF-8. */
export function loneByte(byte: number): string {
  return String.fromCharCode(BYTE_BASE + byte);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Into UTF-16, where a byte takes at most as many units as there are bytes; half of a pair stays what it is. */
function decodeMixed(buffer: Buffer): string {
  const units = new Uint16Array(buffer.length);
  let length = 0;
  let at = 0;
  while (at < buffer.length) {
    const bytes = sequenceLength(buffer, at);
    const point = bytes === 0 ? BYTE_BASE + (buffer[at] ?? 0) : codePoint(buffer, at, bytes);
    at += Math.max(bytes, 1);
    if (point > 0xffff) {
      units[length] = 0xd7c0 + (point >> 10);
      units[length + 1] = 0xdc00 + (point & 0x3ff);
      length += 2;
    } else {
      units[length] = point;
      length += 1;
    }
  }
  return Buffer.from(units.buffer, 0, length * 2).toString('utf16le');
}

function codePoint(buffer: Buffer, at: number, bytes: number): number {
  const lead = buffer[at] ?? 0;
  if (bytes === 1) return lead;
  let point = lead & (0xff >> (bytes + 1));
  for (let next = at + 1; next < at + bytes; next += 1) point = (point << 6) | ((buffer[next] ?? 0) & 0x3f);
  return point;
}

/** Length of the UTF-8 sequence there, 0 when the byte begins none (RFC 3629 4). */
function sequenceLength(buffer: Buffer, at: number): number {
  const lead = buffer[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = leadLength(lead);
  if (length === 0 || at + length > buffer.length) return 0;
  const second = buffer[at + 1] ?? 0;
  if (second < lowestSecond(lead) || second > highestSecond(lead)) return 0;
  for (let next = at + 2; next < at + length; next += 1) {
    if (((buffer[next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function leadLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

function lowestSecond(lead: number): number {
  if (lead === 0xe0) return 0xa0;
  return lead === 0xf0 ? 0x90 : 0x80;
}

function highestSecond(lead: number): number {
  if (lead === 0xed) return 0x9f;
  return lead === 0xf4 ? 0x8f : 0xbf;
}

function encodeMixed(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length * 3);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const point = text.codePointAt(at) ?? 0;
    if (point > 0xffff) at += 1;
    if (point > BYTE_BASE + 0x7f && point <= BYTE_BASE + 0xff) {
      bytes[length] = point - BYTE_BASE;
      length += 1;
    } else {
      length = encodePoint(isSurrogate(point) ? REPLACEMENT : point, bytes, length);
    }
  }
  return bytes.subarray(0, length);
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}

/** Writes the UTF-8 of a character and answers where it ends. */
function encodePoint(point: number, bytes: Buffer, at: number): number {
  if (point < 0x80) {
    bytes[at] = point;
    return at + 1;
  }
  const length = encodedLength(point);
  bytes[at] = ((0xf00 >> length) & 0xff) | (point >> (6 * (length - 1)));
  for (let index = 1; index < length; index += 1) bytes[at + index] = 0x80 | ((point >> (6 * (length - 1 - index))) & 0x3f);
  return at + length;
}

function encodedLength(point: number): number {
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
