const GROUPS = 8;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const OCTET = /^[0-9]{1,3}$/;
/** The longest text of an address: eight groups, or six and an IPv4 part. */
const LONGEST = 45;

/**
 * The key of an address: its numbers behind the family, so that IPv4 (4) stands before IPv6 (6); undefined for what is none.
 * A zone (`%eth0`) is no part of the order.
 */
export function addressKey(value: string): readonly number[] | undefined {
  const text = (value.split('%', 1)[0] ?? '').trim();
  if (text.length > LONGEST) return undefined;
  const octets = octetsOf(text);
  if (octets) return [4, ...octets];
  const groups = groupsOf(text);
  return groups ? [6, ...groups] : undefined;
}

/** cce 1.7 `ip`: what is no address stands before every address. */
export function compareAddresses(a: readonly number[] | undefined, b: readonly number[] | undefined): number {
  if (!(a && b)) return Number(a !== undefined) - Number(b !== undefined);
  for (const [at, left] of a.entries()) {
    const order = left - (b[at] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

function octetsOf(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => OCTET.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

/** RFC 4291 2.2. */
function groupsOf(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = sideOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? sideOf(halves[1] ?? '', true) : [];
  if (!(head && tail)) return undefined;
  const missing = GROUPS - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : undefined;
  return missing >= 1 ? [...head, ...new Array<number>(missing).fill(0), ...tail] : undefined;
}

/** The groups of one side of `::`; the last may be an IPv4 address when the side ends the text. */
function sideOf(text: string, isEnd: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const octets = isEnd ? octetsOf(parts.at(-1) ?? '') : undefined;
  const groups = octets ? parts.slice(0, -1) : parts;
  if (!groups.every((part) => GROUP.test(part))) return undefined;
  const numbers = groups.map((part) => Number.parseInt(part, 16));
  if (!octets) return numbers;
  const [a = 0, b = 0, c = 0, d = 0] = octets;
  return [...numbers, a * 256 + b, c * 256 + d];
}
