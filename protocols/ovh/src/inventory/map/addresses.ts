import type { RecordAddress } from '../record.ts';

// Digits, dots, colons and a length: what is really an address is the API's matter, what is none is not passed on.
const V4 = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/;
const V6 = /^[0-9a-f:.]*:[0-9a-f:.]*(?:\/\d{1,3})?$/i;
/** `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128` */
const LONGEST = 50;

function versionOf(address: string): 4 | 6 | undefined {
  if (address.length > LONGEST) return undefined;
  if (V4.test(address)) return 4;
  return V6.test(address) ? 6 : undefined;
}

/** An address, or a block; the length of a single address is left out. */
export function addressOf(text: string | undefined, kind: string): RecordAddress | undefined {
  const version = text === undefined ? undefined : versionOf(text);
  if (text === undefined || version === undefined) return undefined;
  return { address: text.replace(version === 4 ? /\/32$/ : /\/128$/, ''), version, kind };
}

/** Each address once, the first mention counts. */
export function distinct(addresses: readonly (RecordAddress | undefined)[]): RecordAddress[] {
  const seen = new Map<string, RecordAddress>();
  for (const entry of addresses) if (entry !== undefined && !seen.has(entry.address)) seen.set(entry.address, entry);
  return [...seen.values()];
}
