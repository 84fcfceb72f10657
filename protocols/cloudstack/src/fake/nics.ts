import type { Cloud } from './cloud.ts';
import type { Network, Nic, Vm } from './model.ts';

/** What the caller wants of a new card; the rest is chosen. */
interface NicWish {
  readonly id?: string | undefined;
  readonly mac?: string | undefined;
  readonly ip?: string | undefined;
}

const NETWORK_CARDS = 250 * 254;

/** Puts a card into an instance; the first one is the default. */
export function addNic(cloud: Cloud, vm: Vm, network: Network, wish: NicWish = {}): Nic {
  const row = cloud.row(wish.id);
  const hex = row.n.toString(16).padStart(6, '0');
  const mac = wish.mac ?? `02:01:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
  const ip = wish.ip ?? nextAddress(cloud, network);
  if (vm.state === 'Running') network.implemented = true;
  const deviceId = Math.max(-1, ...vm.nics.map((nic) => nic.deviceId)) + 1;
  const nic: Nic = { ...row, network, mac, ip, deviceId, isDefault: vm.nics.length === 0, enabled: true, plugged: network.implemented };
  vm.nics.push(nic);
  return nic;
}

/** The next free address of 10.1.0.0/16; like a real network it is full some time, here after 64 000 cards. */
function nextAddress(cloud: Cloud, network: Network): string {
  const taken = new Set(cloud.vms.flatMap((vm) => vm.nics).flatMap((nic) => (nic.network === network ? [nic.ip] : [])));
  for (let tries = 0; tries < NETWORK_CARDS; tries++) {
    network.lastAddress += 1;
    const at = network.lastAddress % NETWORK_CARDS;
    const address = `10.1.${1 + Math.floor(at / 250)}.${at % 250}`;
    if (!taken.has(address)) return address;
  }
  throw new RangeError(`The network ${network.name} has no free address`);
}
