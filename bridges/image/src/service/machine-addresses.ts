import { hostname, networkInterfaces } from 'node:os';

/** Every name and address by which this machine may be known, its public one first. */
export function machineAddresses(publicAddress: string): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address));
  return [...new Set([publicAddress, hostname(), 'localhost', ...addresses])];
}

/** An address as it stands in a URL. */
export function urlHost(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}
