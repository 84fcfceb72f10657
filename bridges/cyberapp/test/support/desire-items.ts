import type { InventoryFact, InventoryItem } from '@fairlead/kernel/services';
import { type ConditionInput, conditionsOf, sourceView, type Thresholds } from '../../src/map/conditions.ts';
import type { Condition } from '../../src/map/types.ts';
import type { SourceName } from '../../src/store/tables.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NOW = Date.UTC(2026, 2, 2, 12);

/** The defaults of `[connector]`. */
export const THRESHOLDS: Thresholds = {
  backup_overdue_after: 36 * HOUR,
  certificate_days: 21,
  quota_near_percent: 90,
  service_expiry_days: 30,
  source_error_after: 15 * 60_000,
};

export const VM_ID = '0b9a6f2e-7a7c-4d6e-9a52-1f0f6f0f2b31';
export const VM_KEY = `cs:main:vm:${VM_ID}`;
export const HOST_ID = '5f3c2a1e-0d4b-4c6a-8e7f-9a0b1c2d3e4f';
export const SITE_KEY = 'bx:web1:vsite:site1';
export const SERVER_KEY = 'urn:v1:eu:resource:dedicatedServer:ns1.example.net';

type Change = Partial<InventoryItem>;

/** A VM as the CloudStack inventory tells it. */
export function vm({ attributes, ...change }: Change = {}): InventoryItem {
  return {
    key: VM_KEY,
    kind: 'virtual_machine',
    name: 'shop-db-1',
    owner: [
      { kind: 'vm', selector: VM_ID },
      { kind: 'account', selector: 'ROOT/bakery/admin' },
      { kind: 'domain', selector: 'ROOT/bakery' },
    ],
    ...change,
    attributes: {
      state: 'Running',
      hostname: 'Shop-DB-1',
      mac_address: '02-01-00-CD-00-1A',
      ip_address: '10.1.1.23',
      ip_addresses: '10.1.1.23, 10.2.0.4',
      os: 'Debian GNU/Linux 12 (64-bit)',
      cpu_count: 4,
      memory_bytes: 8_589_934_592,
      disk_bytes: 107_374_182_400,
      zone: 'north-1',
      owner: 'ROOT/bakery/admin',
      offering: 'Medium',
      created: '2026-01-05T10:00:00+01:00',
      host_id: HOST_ID,
      ...attributes,
    },
  };
}

export function host(name = 'kvm7'): InventoryItem {
  return { key: `cs:main:host:${HOST_ID}`, kind: 'host', name, owner: [], attributes: {} };
}

export function site({ attributes, ...change }: Change = {}): InventoryItem {
  return {
    key: SITE_KEY,
    kind: 'web_site',
    name: 'www.bakery.example',
    owner: [
      { kind: 'site', selector: 'web1/site1' },
      { kind: 'domain', selector: 'bakery.example' },
    ],
    ...change,
    attributes: {
      object_id: '21',
      status: 'ONLINE',
      hostname: 'www.bakery.example',
      server: 'web1.provider.example',
      domain: 'bakery.example',
      disk_used_bytes: 900,
      disk_quota_bytes: 1000,
      over_quota: false,
      tls: true,
      certificate_expires: '2027-01-12T10:00:00.000Z',
      users_max: 25,
      ...attributes,
    },
  };
}

export function server({ attributes, ...change }: Change = {}): InventoryItem {
  return {
    key: SERVER_KEY,
    kind: 'bare_metal',
    name: 'backup-store',
    owner: [{ kind: 'service', selector: 'shop/ns1.example.net' }],
    ...change,
    attributes: {
      status: 'ONLINE',
      provider_id: 'ns1.example.net',
      account: 'shop',
      endpoint: 'ovh-eu',
      hostname: 'ns1.example.net.',
      ip_address: '192.0.2.7',
      model: 'ADVANCE-1',
      datacenter: 'gra2',
      rack: 'G2-07',
      service_expires: '2026-12-01T00:00:00.000Z',
      auto_renew: true,
      ...attributes,
    },
  };
}

/** A fact that has been so for an hour. */
export function fact(key: string, code: string, value: InventoryFact['value'], rest: Partial<InventoryFact> = {}): InventoryFact {
  return { key, code, value, since: NOW - HOUR, ...rest };
}

export interface Asked extends Partial<Omit<ConditionInput, 'view' | 'isOpen'>> {
  readonly source: SourceName;
  readonly items: readonly InventoryItem[];
  readonly facts: readonly InventoryFact[];
  /** Items of others, hosts and pools. */
  readonly others?: readonly InventoryItem[];
  readonly open?: readonly string[];
}

/** The conditions of organization `o1`, which owns all of `items`. */
export function conditions({ source, items, facts, others = [], open = [], ...rest }: Asked): Condition[] {
  return conditionsOf({
    view: sourceView(source, [...items, ...others], facts),
    organization: { id: 'o1', seesInfrastructure: false },
    thresholds: THRESHOLDS,
    now: NOW,
    isOpen: (key) => open.includes(key),
    items,
    ...rest,
  });
}
