import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { domainToASCII } from 'node:url';

/** Names and addresses for a certificate of this machine: loopback, host name, every interface, and what the configuration adds. */
export function machineNames(configured: readonly string[]): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map((one) => one.address.replace(/%.*$/, ''));
  return cleanNames(['localhost', hostname(), '127.0.0.1', '::1', ...addresses, ...configured]);
}

/** Names in the form of a certificate, each once; what is neither a name nor an address is left out. */
export function cleanNames(names: readonly string[]): string[] {
  const clean = names.map((name) => {
    const bare = name
      .trim()
      .replace(/^\[(.*)\]$/, '$1')
      .toLowerCase();
    if (isIP(bare) !== 0) return canonicalAddress(bare);
    const ascii = domainToASCII(bare);
    return /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(ascii) ? ascii : '';
  });
  return [...new Set(clean.filter((name) => name !== ''))];
}

function canonicalAddress(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address;
}
