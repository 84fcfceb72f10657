import { lookup } from 'node:dns/promises';
import { Networks } from '@fairlead/kernel/access';

/** Addresses that no data center of Acronis has: those of this machine, of private and of special networks. */
const PRIVATE = new Networks([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/127',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
]);

/** The addresses of a host name; rejects with an error whose `code` says why there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** Why the host of a URL must not be talked to; undefined when all its addresses are public (CyberApp 7.6). */
export async function privateHost(url: string, resolve: Resolve): Promise<string | undefined> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  try {
    const addresses = await resolve(host);
    return addresses.some((address) => PRIVATE.has(address)) ? 'its name leads to a private address' : undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'its name cannot be resolved';
  }
}
