import { isUtf8 } from 'node:buffer';

/** A byte that is not UTF-8 is this plus the byte, which is a lone low surrogate. */
const BYTE_BASE = 0xdc00;

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

function decodeMixed(buffer: Buffer): string {
  const parts: string[] = [];
  let good = 0;
  let at = 0;
  while (at < buffer.length) {
    const length = sequenceLength(buffer, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (at > good) parts.push(buffer.toString('utf8', good, at));
    parts.push(loneByte(buffer[at] ?? 0));
    at += 1;
    good = at;
  }
  if (at > good) parts.push(buffer.toString('utf8', good, at));
  return parts.join('');
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
  const parts: Buffer[] = [];
  let good = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isPairAt(text, at, unit)) {
      at += 1;
      continue;
    }
    if (unit < BYTE_BASE + 0x80 || unit > BYTE_BASE + 0xff) continue;
    if (at > good) parts.push(Buffer.from(text.slice(good, at), 'utf8'));
    parts.push(Buffer.of(unit - BYTE_BASE));
    good = at + 1;
  }
  if (good < text.length) parts.push(Buffer.from(text.slice(good), 'utf8'));
  return Buffer.concat(parts);
}

function isPairAt(text: string, at: number, unit: number): boolean {
  if (unit < 0xd800 || unit > 0xdbff) return false;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}
