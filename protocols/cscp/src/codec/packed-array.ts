import { bytesFromText, loneByte, normalizeText } from './text.ts';

const LITERAL = /^[A-Za-z0-9_. -]*$/;
const ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) => encodedByte(byte));
/** `%00` is not decoded: no text holds a NUL. */
const PERCENT = /%(?!00)([0-9A-Fa-f]{2})/g;

function encodedByte(byte: number): string {
  if (byte === 0x20) return '+';
  const char = String.fromCharCode(byte);
  if (LITERAL.test(char)) return char;
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Elements as one value (cce 2.5): `&a&b&`; of no elements the empty value. */
export function packArray(elements: readonly string[]): string {
  return elements.length === 0 ? '' : `&${elements.map(encodeElement).join('&')}&`;
}

/**
 * The elements of a value (cce 2.5). A value without `&` is one element, the last needs no closing `&`.
 * `plus`: `space` reads `+` as a space; `literal` leaves it, as the original daemon did.
 */
export function unpackArray(value: string, plus: 'space' | 'literal' = 'space'): readonly string[] {
  if (value === '' || value === '&') return [];
  const start = value.startsWith('&') ? 1 : 0;
  const end = value.endsWith('&') ? value.length - 1 : value.length;
  return value
    .slice(start, end)
    .split('&')
    .map((element) => decodeElement(element, plus));
}

function encodeElement(element: string): string {
  if (LITERAL.test(element)) return element.replaceAll(' ', '+');
  let encoded = '';
  for (const byte of bytesFromText(element)) encoded += ENCODED[byte] ?? '';
  return encoded;
}

function decodeElement(element: string, plus: 'space' | 'literal'): string {
  const spaced = plus === 'space' ? element.replaceAll('+', ' ') : element;
  if (!spaced.includes('%')) return spaced;
  return normalizeText(spaced.replaceAll(PERCENT, (_, hex: string) => byteText(Number.parseInt(hex, 16))));
}

function byteText(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : loneByte(byte);
}
