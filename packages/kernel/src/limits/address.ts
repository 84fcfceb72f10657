import ipaddr from 'ipaddr.js';
import { plainAddress } from '../access/index.ts';

/** The key under which an address is counted (design 12): IPv4 as it is, also when mapped into IPv6; IPv6 by its /64, because one customer has all of it. */
export function addressKey(ip: string): string {
  const plain = plainAddress(ip);
  if (plain === undefined) return 'unknown';
  const address = ipaddr.parse(plain);
  if (address.kind() === 'ipv4') return plain;
  const network = [...address.toByteArray().slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0];
  return `${ipaddr.fromByteArray(network).toString()}/64`;
}
