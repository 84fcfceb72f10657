import { BlockList, isIP } from 'node:net';

/** Whether an address is in one of the addresses or blocks; no list allows everybody. */
export function addressAllowed(allowed: readonly string[] | null, address: string): boolean {
  if (allowed === null || allowed.length === 0) return true;
  const list = new BlockList();
  for (const entry of allowed) {
    const [net = '', prefix] = entry.split('/');
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(net, prefix === undefined ? bitsOf(family) : Number(prefix), family);
  }
  const plain = plainAddress(address);
  return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a text is an address or a block of them. */
export function isBlock(text: string): boolean {
  const [net = '', prefix, ...more] = text.split('/');
  const version = isIP(net);
  if (version === 0 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 6 ? 128 : 32));
}

/** Whether somebody on this machine asks. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || plain.startsWith('127.');
}

function plainAddress(address: string): string {
  return address.replace(/^::ffff:/, '');
}

function bitsOf(family: 'ipv4' | 'ipv6'): number {
  return family === 'ipv6' ? 128 : 32;
}
