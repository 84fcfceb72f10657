import { bytesFromText } from '@fairlead/cscp/codec';

const SURROGATES = 0xd800;

/** Order of the UTF-8 bytes, which below the surrogates is that of the units of a JS string. */
export function compareBytewise(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    return left < SURROGATES && right < SURROGATES ? left - right : Buffer.compare(bytesFromText(a), bytesFromText(b));
  }
  return a.length - b.length;
}
