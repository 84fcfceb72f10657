/** The 64 digits of crypt(3), the least first. */
export const CRYPT_ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Up to three bytes as `count` digits, the lowest six bits first. */
export function cryptDigits(bytes: readonly [number, number, number], count: number): string {
  const bits = (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
  return Array.from({ length: count }, (_, index) => CRYPT_ALPHABET[(bits >> (6 * index)) & 63]).join('');
}
