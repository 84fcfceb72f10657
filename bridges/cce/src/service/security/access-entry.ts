import { Networks, plainNetwork } from '@fairlead/kernel/access';

/** One line of the file `access` (cce 7.4, 12.5). */
export interface AccessEntry {
  /** The one form of its network: `10.0.0.0/8`, `192.0.2.7`, or `*`. */
  readonly network: string;
  readonly secret: string;
  /** Whose rights a token of this entry has; api-admin when absent. */
  readonly user?: string | undefined;
  /** Upper case. */
  readonly verbs?: ReadonlySet<string> | undefined;
  readonly classes?: ReadonlySet<string> | undefined;
  /** From then on the secret opens nothing. */
  readonly expiresMs?: number | undefined;
}

const FIELD = /:(?=(?:user|verbs|classes|expires)=)/;
const LENGTH = { min: 16, max: 128 };

/**
 * Reads `entry:secret`, parted by the last colon because IPv6 has its own, with the fields of a limited secret behind it. Undefined for anything else:
 * a line that is not understood whole opens nothing.
 */
export function parseAccessLine(line: string): AccessEntry | undefined {
  const [head = '', ...fields] = line.trim().split(FIELD);
  const colon = head.lastIndexOf(':');
  const network = networkText(head.slice(0, Math.max(colon, 0)).trim());
  const secret = head.slice(colon + 1).trim();
  if (network === undefined || !isSecret(secret)) return undefined;
  const scope = readFields(fields);
  return scope && { network, secret, ...scope };
}

/** `*` and networks of everything count only where the configuration says so. */
export function networkText(text: string): string | undefined {
  return text === '*' ? text : plainNetwork(text)?.text;
}

export function isEverything(network: string): boolean {
  return network === '*' || network.endsWith('/0');
}

/** A network that is asked often. */
export interface ListedNetwork {
  readonly network: string;
  /** Less than any other for `*`. */
  readonly bits: number;
  has(address: string): boolean;
}

/** Takes what `networkText` gave. */
export function listedNetwork(network: string): ListedNetwork {
  if (network === '*') return { network, bits: -1, has: () => true };
  const networks = new Networks([network]);
  return { network, bits: plainNetwork(network)?.bits ?? -1, has: (address) => networks.has(address) };
}

/** Of those that hold the address the one that holds the fewest others. */
export function narrowestOf(listed: readonly ListedNetwork[], address: string): ListedNetwork | undefined {
  const holding = listed.filter((one) => one.has(address));
  return holding.reduce<ListedNetwork | undefined>((best, one) => (best === undefined || one.bits > best.bits ? one : best), undefined);
}

/** Printable, without white space and colon: what a header can bear and a line can hold. */
function isSecret(text: string): boolean {
  return text.length >= LENGTH.min && text.length <= LENGTH.max && /^[\x21-\x39\x3b-\x7e]+$/.test(text);
}

type Scope = Pick<AccessEntry, 'user' | 'verbs' | 'classes' | 'expiresMs'>;

function readFields(fields: readonly string[]): Scope | undefined {
  const scope: { -readonly [Key in keyof Scope]: Scope[Key] } = {};
  for (const field of fields) {
    const at = field.indexOf('=');
    const [name, value] = [field.slice(0, at), field.slice(at + 1).trim()];
    if (!readField(scope, name, value)) return undefined;
  }
  return scope;
}

/** False for a value that says nothing, and for a field that is there twice. */
function readField(scope: { -readonly [Key in keyof Scope]: Scope[Key] }, name: string, value: string): boolean {
  switch (name) {
    case 'user':
      if (scope.user !== undefined || !/^[A-Za-z0-9._-]{1,64}$/.test(value)) return false;
      scope.user = value;
      return true;
    case 'verbs':
      if (scope.verbs !== undefined || !isWordList(value)) return false;
      scope.verbs = new Set(words(value).map((word) => word.toUpperCase()));
      return true;
    case 'classes':
      if (scope.classes !== undefined || !isWordList(value)) return false;
      scope.classes = new Set(words(value));
      return true;
    default: {
      const ms = dateMs(value);
      if (scope.expiresMs !== undefined || ms === undefined) return false;
      scope.expiresMs = ms;
      return true;
    }
  }
}

function words(value: string): string[] {
  return value.split(',').map((word) => word.trim());
}

function isWordList(value: string): boolean {
  return words(value).every((word) => /^[A-Za-z0-9_+]{1,64}$/.test(word));
}

/** A day, whose first moment in UTC it is, or a point of time as in RFC 3339. */
function dateMs(value: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/.test(value)) return undefined;
  const ms = Date.parse(value);
  // `2026-02-31` is taken for a day of March otherwise.
  const isDay = !Number.isNaN(ms) && new Date(`${value.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(value.slice(0, 10));
  return isDay ? ms : undefined;
}
