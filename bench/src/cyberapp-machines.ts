import { newUuid } from '@fairlead/kernel/ids';
import type { InventoryFact, InventoryItem, InventorySource } from '@fairlead/kernel/services';

const HOUR = 3_600_000;

/** What a CloudStack of so many customers with so many machines each would tell. */
export class Machines {
  readonly #items: InventoryItem[];
  readonly #facts: readonly InventoryFact[];

  constructor(customers: number, machines: number) {
    this.#items = Array.from({ length: machines }, (_, at) => machine(at, Math.floor((at * customers) / machines)));
    const [since, backup] = [Date.now() - HOUR, new Date(Date.now() - HOUR).toISOString()];
    this.#facts = this.#items.flatMap(({ key }) => [
      { key, code: 'state', since, value: 'Running' },
      { key, code: 'backup_last_ok', since, value: backup },
    ]);
  }

  /** Gives every so-many-th one another address. Answers how many that are. */
  renumber(step: number, round: number): number {
    let changed = 0;
    for (const [at, item] of this.#items.entries()) {
      if (at % step !== 0) continue;
      changed += 1;
      this.#items[at] = { ...item, attributes: { ...item.attributes, ip_address: `10.250.${round}.${(at % 250) + 1}` } };
    }
    return changed;
  }

  get source(): InventorySource {
    return {
      list: async () => ({ items: this.#items, complete: true }),
      conditions: async () => ({ facts: this.#facts, complete: true }),
    };
  }
}

/** The domain of a customer, which all of his machines are in. */
export function domainOf(customer: number): string {
  return `ROOT/customer-${customer}`;
}

function machine(at: number, customer: number): InventoryItem {
  const id = newUuid();
  const [domain, address] = [domainOf(customer), `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`];
  return {
    key: `cs:main:vm:${id}`,
    kind: 'virtual_machine',
    name: `vm-${at}`,
    owner: [
      { kind: 'vm', selector: id },
      { kind: 'account', selector: `${domain}/admin` },
      { kind: 'domain', selector: domain },
    ],
    attributes: {
      state: 'Running',
      hostname: `vm-${at}`,
      mac_address: `02-00-${[24, 16, 8, 0].map((shift) => ((at >> shift) & 255).toString(16).padStart(2, '0')).join('-')}`,
      ip_address: address,
      ip_addresses: address,
      os: 'Debian GNU/Linux 12 (64-bit)',
      cpu_count: 4,
      memory_bytes: 8_589_934_592,
      disk_bytes: 107_374_182_400,
      zone: 'north-1',
      owner: `${domain}/admin`,
      offering: 'Medium',
      created: '2026-01-05T10:00:00Z',
    },
  };
}
