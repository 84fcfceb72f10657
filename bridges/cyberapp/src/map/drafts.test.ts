import { expect, test } from 'vitest';
import { fact, NOW, VM_KEY, vm } from '../../test/support/desire-items.ts';
import { canonicalJson, workloadHash } from './content-hash.ts';
import { alertDraft, workloadDraft } from './drafts.ts';
import type { Condition } from './types.ts';
import { workloadOf } from './workload.ts';

const place = { app: 'acme.fairlead', tenantId: 'f2b0a1d7-53f5-4a1d-8f0c-7d3f4e7b9a66' };

function draft(item = vm(), backup = '2026-03-02T09:00:00Z') {
  const workload = workloadOf(item, 'cloudstack', [fact(VM_KEY, 'backup_last_ok', backup)]);
  if (workload === undefined) throw new Error('a VM makes a workload');
  const made = workloadDraft(workload, place);
  return { made, hash: workloadHash(made, workload.volatile) };
}

const failed: Condition = {
  dedupKey: `backup_failed:${VM_KEY}`,
  code: 'backup_failed',
  source: 'cloudstack',
  itemKey: VM_KEY,
  since: NOW,
  title: 'Backup of shop-db-1 failed',
  description: 'It did.',
  fields: { Machine: 'shop-db-1' },
};

test('cyberapp 5.7: a workload is sent with its type, our key twice, and the tenant', () => {
  expect(draft().made).toMatchObject({
    type: 'cti.a.p.wm.workload.v1.0~a.p.wm.aspect.v1.0~acme.fairlead.virtual_machine.v1.0',
    name: 'shop-db-1',
    externalId: VM_KEY,
    enabled: true,
    tenantId: place.tenantId,
    allowedActions: [],
    attributes: { fairlead_key: VM_KEY, status: 'ONLINE' },
  });
});

test('cyberapp 9.136: a name, an attribute or the state changes the hash; what is volatile, the tenant and the order do not', () => {
  const { hash } = draft();
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(draft(vm({ name: 'shop-db-2' })).hash).not.toBe(hash);
  expect(draft(vm({ attributes: { cpu_count: 8 } })).hash).not.toBe(hash);
  expect(draft(vm({ attributes: { state: 'Error' } })).hash).not.toBe(hash);
  expect(draft(vm(), '2026-03-02T11:00:00Z').hash).toBe(hash);
  const { made } = draft();
  const turned = Object.fromEntries(Object.entries(made.attributes).toReversed());
  expect(workloadHash({ ...made, tenantId: 'another', attributes: turned }, ['last_backup'])).toBe(hash);
  expect(workloadHash({ ...made, allowedActions: ['x'] }, ['last_backup'])).not.toBe(hash);
});

test('cyberapp 4.8: the hash is that of canonical JSON', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'ü' }], a: undefined, _: true })).toBe('{"_":true,"b":[1,{"c":"ü","d":null}]}');
});

test('cyberapp 9.158: an alert names tenant, category, type, source and stamp, and the workload it is about', () => {
  const resource = { id: '2c1f4b8e-6b0d-4d4a-9d7b-5a6f0e1c2d3e', name: 'shop-db-1' };
  expect(alertDraft(failed, { ...place, source: 'fairlead:9c1e', sourceStamp: 184_467n, openedMs: NOW, resource })).toEqual({
    type: 'cti.a.p.am.alert.v1.0~a.p.basic.v1.0~acme.fairlead.backup_failed.v1.0',
    category: 'cti.a.p.am.category.v1.0~acme.fairlead.backup.v1.0',
    tenantId: place.tenantId,
    createdAt: '2026-03-02T12:00:00.000Z',
    source: 'fairlead:9c1e',
    sourceTimeStamp: 184_467n,
    resource,
    details: { title: failed.title, category: 'Backup', description: 'It did.', fields: { Machine: 'shop-db-1' } },
  });
});

test('cyberapp 9.162: an alert about a workload that is not there yet names none', () => {
  const made = alertDraft(failed, { ...place, source: 'fairlead:9c1e', sourceStamp: 1n, openedMs: NOW });
  expect(made).not.toHaveProperty('resource');
});
