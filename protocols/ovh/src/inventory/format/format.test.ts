import { describe, expect, test } from 'vitest';
import type { InventoryRecord } from '../record.ts';
import { formatInventory } from './format.ts';

function record(more: Partial<InventoryRecord> = {}): InventoryRecord {
  return {
    id: 'urn:v1:eu:resource:dedicatedServer:ns1',
    provider: 'ovh',
    endpoint: 'ovh-eu',
    account: 'ab12345-ovh',
    kind: 'baremetal',
    name: 'ns1',
    displayName: 'web1',
    state: 'running',
    rawState: 'ok/poweron',
    fetchedAt: '2026-11-22T08:00:00.000Z',
    errors: [],
    ...more,
  };
}

const FULL = record({
  hostname: 'web1.example.com',
  model: 'ADVANCE-1',
  location: { datacenter: 'gra3', rack: 'G1', region: 'eu-west-gra', zone: 'eu-west-gra-a' },
  ips: [
    { address: '2001:db8::/64', version: 6, kind: 'additional' },
    { address: '192.0.2.1', version: 4, kind: 'primary' },
  ],
  macs: ['0c:c4:7a:00:00:01', '0c:c4:7a:00:00:02'],
  hardware: {
    cpu: { name: 'EPYC', cores: 6 },
    memoryMiB: 65_536,
    disks: [
      { count: 2, sizeGB: 960, type: 'NVME' },
      { count: 1, sizeGB: 80 },
    ],
  },
  os: 'debian12_64',
  tags: { env: 'prod', 'cost-centre': '4711 / b' },
  service: { id: 1, status: 'ok', expires: '2026-12-01', autoRenew: true },
  open: [{ kind: 'task', id: '7', status: 'doing' }],
});

/** A reader of RFC 4180, no more. */
function csv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

function cells(text: string): Record<string, string> {
  const [names = [], values = []] = csv(text);
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
}

describe('JSON', () => {
  test('a list, and a record in each line', () => {
    expect(JSON.parse(formatInventory([FULL, record()], 'json'))).toEqual([FULL, record()]);
    const lines = formatInventory([record({ displayName: 'two\nlines' }), record()], 'ndjson').split('\n');
    expect(lines.map((line) => (line === '' ? '' : (JSON.parse(line) as InventoryRecord).displayName))).toEqual(['two\nlines', 'web1', '']);
  });
});

describe('CSV', () => {
  test('every member has its column; absent ones are empty', () => {
    expect(cells(formatInventory([FULL], 'csv'))).toMatchObject({
      kind: 'baremetal',
      name: 'ns1',
      ipv4: '192.0.2.1',
      ipv6: '2001:db8::/64',
      macs: '0c:c4:7a:00:00:01 0c:c4:7a:00:00:02',
      datacenter: 'gra3',
      cores: '6',
      memoryMiB: '65536',
      disks: '2 x 960 GB NVME; 1 x 80 GB',
      tags: 'env=prod; cost-centre=4711 / b',
      expires: '2026-12-01',
      autoRenew: 'true',
      open: 'task 7 doing',
      errors: '0',
    });
    expect(cells(formatInventory([record()], 'csv'))).toMatchObject({ ipv4: '', memoryMiB: '', tags: '', expires: '' });
    expect(formatInventory([], 'csv').split('\r\n')).toHaveLength(2);
  });

  test.each(['a,b', 'say "hi"', 'two\r\nlines', ' blank', 'blank ', 'ü😀'])('%j is one cell', (displayName) => {
    const rows = csv(formatInventory([record({ displayName }), record()], 'csv'));
    expect(rows.map((row) => row[2])).toEqual(['displayName', displayName, 'web1']);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '\n', '＝1+1', '－1', "=cmd|' /C calc'!A0", '\ufeff=1'])(
    '%j is no formula',
    (text) => {
      const read = cells(formatInventory([record({ displayName: text, hostname: text, tags: { [text]: 'x' } })], 'csv'));
      expect([read.displayName, read.hostname]).toEqual([`'${text}`, `'${text}`]);
      expect(read.tags?.startsWith("'")).toBe(true);
    },
  );
});

describe('Ansible', () => {
  type Parsed = { _meta: { hostvars: Record<string, Record<string, unknown>> }; all: { children: string[] } } & Record<
    string,
    { hosts: string[] }
  >;
  const parsed = (...records: InventoryRecord[]): Parsed => JSON.parse(formatInventory(records, 'ansible')) as Parsed;

  test('groups by kind, state, region and tag, with variables in _meta', () => {
    const inventory = parsed(FULL, record({ kind: 'vps', name: 'vps1', location: { datacenter: 'os-gra7' } }));
    const groups = [
      'baremetal',
      'region_eu_west_gra',
      'region_os_gra7',
      'state_running',
      'tag_cost_centre_4711___b',
      'tag_env_prod',
      'vps',
    ];
    expect(inventory.all.children).toEqual(groups);
    expect(Object.keys(inventory)).toEqual(['_meta', 'all', ...groups]);
    expect([inventory.baremetal?.hosts, inventory.state_running?.hosts]).toEqual([['ns1'], ['ns1', 'vps1']]);
    expect(inventory._meta.hostvars.ns1).toMatchObject({
      ansible_host: '192.0.2.1',
      ovh_kind: 'baremetal',
      ovh_display_name: 'web1',
      ovh_region: 'eu-west-gra',
      ovh_tags: FULL.tags,
      ovh_expires: '2026-12-01',
      ovh_auto_renew: true,
    });
  });

  test('only machines are hosts', () => {
    const inventory = parsed(record({ kind: 'domain', name: 'example.com' }), record({ kind: 'ip', name: '192.0.2.0/28' }));
    expect(inventory).toEqual({ _meta: { hostvars: {} }, all: { children: [] } });
  });

  test('a host is reached at its public IPv4, else IPv6, else its private address, else by name', () => {
    const at = (...ips: NonNullable<InventoryRecord['ips']>): unknown =>
      parsed(record({ ips, hostname: 'web1.example.com' }))._meta.hostvars.ns1?.ansible_host;
    const own = { address: '10.0.0.1', version: 4, kind: 'private' } as const;
    const six = { address: '2001:db8::1', version: 6, kind: 'public' } as const;
    const block = { address: '192.0.2.0/28', version: 4, kind: 'failover' } as const;
    expect([
      at(own, six, block, { address: '192.0.2.1', version: 4, kind: 'public' }),
      at(own, six, block),
      at(own, block),
      at(block),
    ]).toEqual(['192.0.2.1', '2001:db8::1', '10.0.0.1', 'web1.example.com']);
  });

  test('instances go by their name while it is the only one; no two hosts have one name', () => {
    const instance = (name: string, displayName: string): InventoryRecord => record({ kind: 'cloud-instance', name, displayName });
    const inventory = parsed(
      record({ name: 'ns1' }),
      instance('id1', 'db'),
      instance('id2', 'two'),
      instance('id3', 'two'),
      instance('id4', 'ns1'),
      instance('id5', 'a b'),
    );
    expect(Object.keys(inventory._meta.hostvars)).toEqual(['ns1', 'db', 'id2', 'id3', 'id4', 'id5']);
  });

  test('names of groups and hosts are safe, and text that looks like a template is not run', () => {
    const evil = '{{ lookup("pipe", "id") }}';
    const inventory = parsed(
      record({ name: evil, displayName: evil, tags: { 'a b/c': 'ü{%x%}', empty: '' }, location: { region: 'eu west/1' } }),
    );
    const names = [...inventory.all.children, ...Object.keys(inventory._meta.hostvars)];
    for (const name of names) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
    expect(inventory.all.children).toContain('tag_empty');
    const [variables = {}] = Object.values(inventory._meta.hostvars);
    expect(variables.ovh_display_name).toEqual({ __ansible_unsafe: evil });
    expect(variables.ovh_tags).toEqual({ 'a b/c': { __ansible_unsafe: 'ü{%x%}' }, empty: '' });
    expect(variables.ovh_kind).toBe('baremetal');
  });

  test('a name of the prototype is a name', () => {
    const inventory = parsed(record({ name: 'constructor' }), record({ kind: 'vps', name: '__proto__' }));
    expect(Object.keys(inventory._meta.hostvars)).toEqual(['constructor', 'host___proto__']);
  });
});

describe('Prometheus', () => {
  test('targets without a port, data as labels to relabel; nothing without an address', () => {
    const six = record({ name: 'ns2', ips: [{ address: '2001:db8::1', version: 6, kind: 'public' }] });
    const groups = JSON.parse(
      formatInventory([FULL, six, record(), record({ kind: 'ip', ips: FULL.ips ?? [] })], 'prometheus'),
    ) as unknown[];
    expect(groups).toHaveLength(2);
    expect(groups).toMatchObject([
      {
        targets: ['192.0.2.1'],
        labels: {
          __meta_ovh_kind: 'baremetal',
          __meta_ovh_name: 'ns1',
          __meta_ovh_display_name: 'web1',
          __meta_ovh_region: 'eu-west-gra',
          __meta_ovh_tag_env: 'prod',
          __meta_ovh_tag_cost_centre: '4711 / b',
        },
      },
      { targets: ['[2001:db8::1]'] },
    ]);
    for (const group of groups as { labels: Record<string, unknown> }[]) {
      for (const [name, value] of Object.entries(group.labels))
        expect([name, typeof value]).toEqual([expect.stringMatching(/^[a-zA-Z_]\w*$/), 'string']);
    }
  });
});
