/** A data center of Acronis as a callback names it (CyberApp 7.6). */
export interface Datacenter {
  /** Same for both forms of the domain: `eu8`, or `cloud`. */
  readonly id: string;
  /** `https://` and the host, in lower case. */
  readonly url: string;
}

/** Hosts that a callback may name; `<label>` is what the id is taken from. */
export const DATACENTER_HOSTS: readonly string[] = [
  '<label>-cloud.acronis.com',
  '<label>.acronis.cloud',
  'cloud.acronis.com',
  'acronis.cloud',
];

const LABEL = '<label>';
const CALLBACK_URL = /^https:\/\/([a-z0-9.-]{1,253})(?::443)?\/?$/i;
const MAX_URL = 512;

/**
 * Reads `context.datacenter_url`. Only https, the standard port, no path, and a host of the list, where `*` stands for a label as well;
 * undefined otherwise.
 * Nothing is ever fetched from it.
 */
export function parseDatacenterUrl(text: string, hosts: readonly string[] = DATACENTER_HOSTS): Datacenter | undefined {
  const host = text.length > MAX_URL ? undefined : CALLBACK_URL.exec(text)?.[1]?.toLowerCase();
  if (host === undefined) return undefined;
  for (const pattern of hosts) {
    const id = idBy(pattern.toLowerCase().replace('*', LABEL), host);
    if (id !== undefined) return { id, url: `https://${host}` };
  }
  return undefined;
}

/** The host, in lower case, without trailing slashes: the form that API paths are appended to. Undefined for what is no origin. */
export function parseApiBase(text: string): string | undefined {
  const trimmed = text.replace(/\/+$/, '');
  if (trimmed.length > MAX_URL || !/^https?:\/\/[^/?#@\\\s]+$/i.test(trimmed) || !URL.canParse(trimmed)) return undefined;
  return new URL(trimmed).origin;
}

function idBy(pattern: string, host: string): string | undefined {
  const at = pattern.indexOf(LABEL);
  if (at < 0) return pattern === host ? idOfFixed(host) : undefined;
  const [before, after] = [pattern.slice(0, at), pattern.slice(at + LABEL.length)];
  if (!host.startsWith(before) || !host.endsWith(after)) return undefined;
  const label = host.slice(before.length, host.length - after.length);
  return /^[a-z0-9]+$/.test(label) ? label : undefined;
}

/** The two names of the global cloud are one data center. */
function idOfFixed(host: string): string {
  return host === 'cloud.acronis.com' || host === 'acronis.cloud' ? 'cloud' : host;
}
