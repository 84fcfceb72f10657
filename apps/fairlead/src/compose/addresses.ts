import { networkInterfaces } from 'node:os';

/** The address by which this machine is most likely known: the first one that is not loopback, IPv4 before IPv6. */
export function primaryAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = all.filter((one) => !one.internal && !one.address.startsWith('fe80'));
  return (outside.find((one) => one.family === 'IPv4') ?? outside[0] ?? all[0])?.address;
}
