import ipaddr from 'ipaddr.js';

/** The key under which an address is counted (design 12): IPv4 as it is, also when mapped into IPv6; IPv6 by its /64, because one customer has all of it. */
export function addressKey(ip: string): string {
  const bare = ip.replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return 'unknown';
  const address = ipaddr.process(bare);
  if (address.kind() === 'ipv4') return address.toString();
  const network = [...address.toByteArray().slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0];
  return `${ipaddr.fromByteArray(network).toString()}/64`;
}
