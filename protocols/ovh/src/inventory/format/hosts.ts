import type { InventoryRecord, RecordAddress } from '../record.ts';

/** A record that is a machine, and where it is reached. */
export interface Host {
  readonly record: InventoryRecord;
  /** A single address: public before private, IPv4 before IPv6. */
  readonly address: string | undefined;
}

/** The machines of an inventory; domains and blocks of addresses are none. */
export function hostsOf(records: readonly InventoryRecord[]): Host[] {
  return records
    .filter(({ kind }) => kind === 'baremetal' || kind === 'vps' || kind === 'cloud-instance')
    .map((record) => ({ record, address: addressOf(record) }));
}

/** Where a machine is: the first of these that is known. */
export function placeOf({ location }: InventoryRecord): string | undefined {
  return location?.region ?? location?.datacenter ?? location?.zone;
}

/** Letters, digits and underscores alone. */
export function safeName(text: string): string {
  return text.replace(/[^A-Za-z0-9_]/g, '_');
}

function addressOf({ ips = [] }: InventoryRecord): string | undefined {
  const single = ips.filter(({ address }) => !address.includes('/'));
  return [...single].sort((a, b) => rank(a) - rank(b))[0]?.address;
}

function rank({ version, kind }: RecordAddress): number {
  return (kind === 'private' ? 2 : 0) + (version === 4 ? 0 : 1);
}
