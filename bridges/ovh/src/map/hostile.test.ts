import type { Inventory, InventoryRecord, RecordError } from '@fairlead/ovh/inventory';
import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsOf } from './facts.ts';
import { ovhItem } from './item.ts';
import { mergedRecords } from './merge.ts';
import { problemsOf } from './problems.ts';

const KINDS = ['baremetal', 'vps', 'cloud-instance', 'domain', 'ip'] as const;
// biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be told
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;

const text = fc.oneof(hostileText(), fc.constantFrom('2026-12-01', 'hackedBlocked/poweron', '192.0.2.1', ''));
const number = fc.oneof(fc.double(), fc.integer());
const routes = [
  'GET /vps',
  'GET /vps/{serviceName}',
  'GET /vps/{serviceName}/ips',
  'GET /dedicated/server/{serviceName}/task',
  'GET /v2/iam/resource',
];
const errors = fc.array(
  fc.record({
    route: fc.oneof(fc.constantFrom(...routes), text),
    status: fc.integer(),
    code: text,
    message: text,
  }) as fc.Arbitrary<RecordError>,
  { maxLength: 3 },
);

/** Whatever a later version of the inventory, or an OVHcloud of tomorrow, may say. */
const records = fc.record(
  {
    ...{ id: text, provider: fc.constant('ovh'), endpoint: fc.constant('ovh-eu'), account: text, kind: fc.constantFrom(...KINDS) },
    ...{ name: fc.oneof(fc.constantFrom('a', 'b', 'c'), text), displayName: text, hostname: text, model: text, os: text, routedTo: text },
    ...{ state: fc.constantFrom('running', 'error', 'unknown'), rawState: text, monitoring: fc.boolean() },
    open: fc.array(fc.record({ kind: fc.constantFrom('task', 'intervention'), id: text, status: text, function: text, planned: text })),
    location: fc.record({ datacenter: text, rack: text, region: text }),
    ips: fc.array(fc.record({ address: text, version: fc.constantFrom(4, 6), kind: text }), { maxLength: 3 }),
    macs: fc.array(text, { maxLength: 2 }),
    hardware: fc.record({
      cpu: fc.record({ cores: number }),
      memoryMiB: number,
      disks: fc.array(fc.record({ count: number, sizeGB: number }), { maxLength: 2 }),
    }),
    tags: fc.dictionary(text, text, { maxKeys: 3 }),
    service: fc.record({ id: number, status: text, created: text, expires: text, autoRenew: fc.boolean() }),
    fetchedAt: text,
    errors,
  },
  { requiredKeys: ['id', 'provider', 'endpoint', 'account', 'kind', 'name', 'displayName', 'state', 'rawState', 'fetchedAt', 'errors'] },
) as fc.Arbitrary<InventoryRecord>;

const lists = fc.array(records, { maxLength: 6 });

test('whatever an inventory says, what is kept has each thing once, and nothing of it is lost that could not be read', async () => {
  await fuzz('ovh.merge', fc.tuple(lists, lists, errors), ([before, found, failed]) => {
    const former = mergedRecords([], inventory(before, []), KINDS);
    const merged = mergedRecords(former, inventory(found, failed), KINDS);
    const marks = merged.map(({ kind, name }) => `${kind} ${name}`);
    expect(new Set(marks).size).toBe(marks.length);
    expect(marks.filter((mark) => CONTROLS.test(mark))).toEqual([]);
    if (failed.some(({ route }) => route === 'GET /vps')) {
      const kept = former.filter(({ kind }) => kind === 'vps').map(({ kind, name }) => `${kind} ${name}`);
      expect(kept.filter((mark) => !marks.includes(mark))).toEqual([]);
    }
    expect(mergedRecords(merged, inventory(merged, []), KINDS).map(({ name }) => name)).toEqual(merged.map(({ name }) => name));
    return merged.length > 0;
  });
});

test('whatever a record says, an item and its facts are lines that a person can read, sizes that a number can hold, and moments', async () => {
  await fuzz('ovh.item', records, (record) => {
    const [kept] = mergedRecords([], inventory([record], []), KINDS);
    if (kept === undefined) return false;
    const { name, attributes, owner } = ovhItem(kept, kept.id, 'main');
    expect(
      [name, ...owner.map(({ selector }) => selector), ...Object.values(attributes)].filter((value) => CONTROLS.test(String(value))),
    ).toEqual([]);
    for (const [key, value] of Object.entries(attributes)) {
      if (/_(bytes|count)$/.test(key)) expect(Number.isSafeInteger(value) && Number(value) > 0).toBe(true);
      if (/_(expires|created)$/.test(key)) expect(new Date(String(value)).toISOString()).toBe(value);
    }
    for (const { value, detail } of factsOf(kept)) {
      expect(CONTROLS.test(String(value)) || String(value).length > 100).toBe(false);
      expect(Object.values(detail ?? {}).filter((word) => CONTROLS.test(String(word)))).toEqual([]);
    }
    return true;
  });
});

test('whatever failures say, a few lines tell of them', async () => {
  await fuzz('ovh.problems', errors, (failed) => {
    const told = problemsOf([...failed, ...failed, ...failed]);
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.filter((line) => CONTROLS.test(line) || line.length > 400)).toEqual([]);
    return failed.length > 0;
  });
});

function inventory(given: readonly InventoryRecord[], failed: readonly RecordError[]): Inventory {
  const rest = { account: 'main', endpoint: 'ovh-eu', fetchedAt: '2026-11-22T08:00:00.000Z', missingRules: [], missingActions: [] };
  return { complete: failed.length === 0, ...rest, records: given, errors: failed };
}
