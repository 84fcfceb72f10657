import { CallbackTable, payloadProblem } from '@fairlead/acronis/codec';
import type { InventoryFact, InventoryItem } from '@fairlead/kernel/services';
import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOW, THRESHOLDS } from '../../test/support/desire-items.ts';
import type { SourceName } from '../store/tables.ts';
import { assign, type Rule } from './assignment.ts';
import { conditionsOf, sourceView } from './conditions.ts';
import { workloadDraft } from './drafts.ts';
import { workloadOf } from './workload.ts';
import { ATTRIBUTES } from './workload-attributes.ts';
import { WORKLOAD_TYPES } from './workload-types.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be told
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/;

const text = fc.oneof(hostileText(), fc.constantFrom('ONLINE', 'Error', 'Down', 'true', '2026-03-01T00:00:00Z', '2026-03-03', 'hacked'));
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 0.9, 1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, NOW));
const value = fc.oneof(text, number, fc.boolean());
const KEYS = [
  'cs:main:vm:1',
  'cs:main:host:h',
  'cs:main:pool:p',
  'bx:web:vsite:site1',
  'bx:web',
  'ovh:eu:vps:a',
  '__proto__',
  'cs:a:b:vm:1',
];
const key = fc.oneof(fc.constantFrom(...KEYS), text);
const names = [...Object.keys(ATTRIBUTES), 'state', 'host_id', 'object_id', '__proto__', 'constructor'];
const owner = fc.record({ kind: fc.constantFrom('vm', 'domain', 'account', 'tag', 'site', 'service', '__proto__'), selector: text });

/** Whatever a source of tomorrow may tell. */
const items: fc.Arbitrary<InventoryItem> = fc.record({
  key,
  kind: fc.oneof(fc.constantFrom('virtual_machine', 'web_site', 'bare_metal', 'vps', 'host', 'storage_pool', 'domain'), text),
  name: text,
  owner: fc.array(owner, { maxLength: 3 }),
  attributes: fc.dictionary(fc.oneof(fc.constantFrom(...names), text), value, { maxKeys: 12 }),
});

const CODES = [
  ...['state', 'backup_last_ok', 'backup_last_failed', 'backup_stuck', 'host_state', 'used_share', 'suspended', 'quota_used_share'],
  ...[
    'certificate_ends',
    'host_silent',
    'blocked',
    'task_open',
    'intervention_open',
    'service_expires',
    'service_auto_renew',
    'service_status',
  ],
];

const facts: fc.Arbitrary<InventoryFact> = fc.record(
  {
    ...{ key, code: fc.oneof(fc.constantFrom(...CODES), text), since: number, value },
    detail: fc.dictionary(fc.constantFrom('reason', 'began', 'function', 'status', 'planned'), value, { maxKeys: 3 }),
  },
  { requiredKeys: ['key', 'code', 'since', 'value'] },
);

const sources = fc.constantFrom<SourceName>('cloudstack', 'blueonyx', 'ovh');

const callback = new CallbackTable({ app: 'acme.fairlead' }).all[0];

test('cyberapp 5.7: whatever a source tells, a workload has attributes that fit the schema of its type, and printable texts', async () => {
  if (callback === undefined) throw new Error('there are callbacks');
  const inputs = fc.tuple(items, sources, fc.option(fc.array(facts, { maxLength: 4 }), { nil: undefined }));
  const mapped = ([item, source, told]: [InventoryItem, SourceName, InventoryFact[] | undefined]) => {
    const workload = workloadOf(item, source, told);
    if (workload === undefined) return false;
    const { attributes } = workloadDraft(workload, { app: 'acme.fairlead', tenantId: 't' });
    expect(payloadProblem({ ...callback, request: WORKLOAD_TYPES[workload.type].schema }, attributes)).toBeUndefined();
    const { fairlead_key: ownKey, ...others } = workload.attributes;
    expect([ownKey, workload.itemKey]).toEqual([item.key, item.key]);
    const texts = [workload.name, ...Object.values(others).filter((one) => typeof one === 'string')];
    expect(texts.filter((one) => one === '' || CONTROLS.test(one) || !one.isWellFormed())).toEqual([]);
    expect(workload.name.length).toBeLessThanOrEqual(255);
    return true;
  };
  await fuzz('cyberapp.workloads', inputs, mapped, { share: 3, someAccepted: true });
});

test('cyberapp 5.5: whatever a source tells, a condition keeps its limits, and each key is told once', async () => {
  const inputs = fc.tuple(sources, fc.array(items, { maxLength: 4 }), fc.array(facts, { maxLength: 8 }), fc.boolean());
  const found = ([source, own, told, sees]: [SourceName, InventoryItem[], InventoryFact[], boolean]) => {
    const conditions = conditionsOf({
      ...{ view: sourceView(source, own, told), items: own, thresholds: THRESHOLDS, now: NOW },
      organization: { id: 'o1', seesInfrastructure: sees },
      isOpen: (dedupKey) => dedupKey.length % 2 === 0,
    });
    for (const { title, description, fields, since } of conditions) {
      expect(Number.isSafeInteger(since) && since >= 0 && since <= NOW).toBe(true);
      expect(title.length > 0 && title.length <= 120 && description.length <= 1000).toBe(true);
      const rows = Object.entries(fields);
      expect(rows.length).toBeLessThanOrEqual(20);
      expect(rows.filter(([, one]) => one.length > 500 || one === '')).toEqual([]);
      expect([title, description, ...rows.flat()].filter((one) => CONTROLS.test(one) || !one.isWellFormed())).toEqual([]);
    }
    const keys = conditions.map(({ dedupKey }) => dedupKey);
    expect(new Set(keys).size).toBe(keys.length);
    return conditions.length > 0;
  };
  await fuzz('cyberapp.conditions', inputs, found, { share: 3, someAccepted: true });
});

test('cyberapp 5.1: whatever rules there are, an item has one owner, who has a rule that fits, in any order of the rules', async () => {
  const rules: fc.Arbitrary<Rule> = fc.record({
    ...{ id: fc.uuid(), organization_id: fc.constantFrom('o1', 'o2', 'o3'), source: sources },
    ...{
      selector_kind: fc.constantFrom('vm', 'domain', 'account', 'tag', 'site', 'service'),
      selector: fc.oneof(fc.constantFrom('a', 'a/b'), text),
    },
    ...{ priority: fc.constantFrom(0, 0, 1), created_ms: fc.constantFrom(1, 2) },
  });
  const owners = fc.record({
    kind: fc.constantFrom('vm', 'domain', 'account', 'tag', 'site', 'service'),
    selector: fc.constantFrom('a', 'a/b', 'a/b/c'),
  });
  const item = fc.tuple(items, fc.array(owners, { maxLength: 3 })).map(([one, owner]) => ({ ...one, owner }));
  const sourced = fc.uniqueArray(fc.record({ source: sources, item }), { maxLength: 4, selector: (one) => one.item.key });
  const given = ([all, some]: [Rule[], { source: SourceName; item: InventoryItem }[]]) => {
    const { byItem, unassigned } = assign(some, all);
    expect([...assign(some, all.toReversed()).byItem]).toEqual([...byItem]);
    expect(byItem.size + unassigned.length).toBe(some.length);
    for (const { item: one, source } of some) {
      const holder = byItem.get(one.key);
      const fits = all.some((rule) => rule.organization_id === holder && rule.source === source);
      expect(fits).toBe(holder !== undefined);
    }
    return byItem.size > 0;
  };
  await fuzz('cyberapp.assignment', fc.tuple(fc.uniqueArray(rules, { maxLength: 8, selector: ({ id }) => id }), sourced), given, {
    ...{ share: 3, someAccepted: true },
  });
});
