import { expect, test } from 'vitest';
import {
  conditions,
  DAY,
  fact,
  HOST_ID,
  HOUR,
  host,
  NOW,
  SERVER_KEY,
  SITE_KEY,
  server,
  site,
  THRESHOLDS,
  VM_KEY,
  vm,
} from '../../test/support/desire-items.ts';
import { ALERT_TYPES } from './alert-types.ts';

const at = (hours: number) => new Date(NOW - hours * HOUR).toISOString();
const codes = (found: readonly { readonly code: string }[]) => found.map(({ code }) => code);

test('cyberapp 5.5: a machine in error is told with the time since when', () => {
  const found = conditions({ source: 'cloudstack', items: [vm()], facts: [fact(VM_KEY, 'state', 'Error')] });
  expect(found).toMatchObject([
    { dedupKey: `vm_error:${VM_KEY}`, code: 'vm_error', itemKey: VM_KEY, since: NOW - HOUR, title: 'shop-db-1 is in error' },
  ]);
  expect(conditions({ source: 'cloudstack', items: [vm()], facts: [fact(VM_KEY, 'state', 'Running')] })).toEqual([]);
  expect(ALERT_TYPES.vm_error).toMatchObject({ holdMs: 10 * 60_000, clearMs: 5 * 60_000, severity: 'error' });
});

test('cyberapp 5.5: a failed backup says when, why, and what the last good one is', () => {
  const began = '2026-03-02T03:00:00Z';
  const detail = { began, reason: 'disk 2 of 2: read failed' };
  const facts = [fact(VM_KEY, 'backup_last_ok', at(30)), fact(VM_KEY, 'backup_last_failed', '2026-03-02T03:12:40Z', { detail })];
  expect(conditions({ source: 'cloudstack', items: [vm()], facts })).toEqual([
    {
      dedupKey: `backup_failed:${VM_KEY}`,
      code: 'backup_failed',
      source: 'cloudstack',
      itemKey: VM_KEY,
      since: Date.parse('2026-03-02T03:12:40Z'),
      title: 'Backup of shop-db-1 failed',
      description: 'The backup that began at 2026-03-02 03:00 UTC ended with an error. The last good backup is from 2026-03-01 06:00 UTC.',
      fields: {
        Machine: 'shop-db-1',
        Began: '2026-03-02 03:00 UTC',
        Ended: '2026-03-02 03:12 UTC',
        'Last good backup': '2026-03-01 06:00 UTC',
        Error: 'disk 2 of 2: read failed',
      },
    },
  ]);
});

test('cyberapp 5.5: a later good backup ends a failed one', () => {
  const facts = [fact(VM_KEY, 'backup_last_ok', at(1)), fact(VM_KEY, 'backup_last_failed', at(2))];
  expect(conditions({ source: 'cloudstack', items: [vm()], facts })).toEqual([]);
});

test('cyberapp 5.5: a machine that is destroyed is over with all that was wrong with it', () => {
  const facts = [fact(VM_KEY, 'state', 'Destroyed'), fact(VM_KEY, 'backup_last_failed', at(2)), fact(VM_KEY, 'backup_stuck', true)];
  const { state: _, ...attributes } = vm().attributes;
  const destroyed = { ...vm(), attributes };
  expect(conditions({ source: 'cloudstack', items: [destroyed], facts })).toEqual([]);
  expect(codes(conditions({ source: 'cloudstack', items: [destroyed], facts: facts.slice(1) }))).toHaveLength(2);
});

test('cyberapp 5.5: a machine that was backed up before is overdue after 36 hours, one that never was is not', () => {
  const ask = (hours: number) => conditions({ source: 'cloudstack', items: [vm()], facts: [fact(VM_KEY, 'backup_last_ok', at(hours))] });
  expect(ask(35.9)).toEqual([]);
  expect(ask(40)).toMatchObject([{ code: 'backup_overdue', since: NOW - 4 * HOUR, dedupKey: `backup_overdue:${VM_KEY}` }]);
  expect(conditions({ source: 'cloudstack', items: [vm()], facts: [fact(VM_KEY, 'backup_last_failed', at(90))] })).toMatchObject([
    { code: 'backup_failed' },
  ]);
});

test('cyberapp 5.5: a machine that is stuck in a backup is told from its last progress on', () => {
  const facts = [fact(VM_KEY, 'backup_stuck', true, { since: NOW - 3 * HOUR, detail: { checkpoint: 'left' } })];
  expect(conditions({ source: 'cloudstack', items: [vm()], facts })).toMatchObject([{ code: 'vm_stuck_in_backup', since: NOW - 3 * HOUR }]);
  expect(ALERT_TYPES.vm_stuck_in_backup.holdMs).toBe(2 * HOUR);
});

test('cyberapp 9.166: a host that is down is told to each customer with the machines of that one alone', () => {
  const down = host('kvm7');
  const facts = [fact(down.key, 'host_state', 'Down')];
  const second = vm({ key: 'cs:main:vm:2', name: 'web-2' });
  const elsewhere = vm({ key: 'cs:main:vm:3', name: 'web-3', attributes: { host_id: 'another' } });
  const ofOther = vm({ key: 'cs:main:vm:4', name: 'rival-1' });
  const [one, ...rest] = conditions({ source: 'cloudstack', items: [second, vm(), elsewhere], others: [down, ofOther], facts });
  expect(rest).toEqual([]);
  expect(one).toMatchObject({
    dedupKey: `host_down:main:${HOST_ID}:o1`,
    code: 'host_down',
    title: '2 machines are on a host that is down',
    fields: { 'Machines affected': '2', Machines: 'shop-db-1, web-2' },
  });
  expect(one).not.toHaveProperty('itemKey');
  expect(JSON.stringify({ ...one, dedupKey: '' })).not.toMatch(/kvm7|rival|web-3/);
  const [other] = conditions({
    ...{ source: 'cloudstack', items: [ofOther], others: [down, second, vm()], facts },
    organization: { id: 'o2', seesInfrastructure: false },
  });
  expect(other).toMatchObject({ dedupKey: `host_down:main:${HOST_ID}:o2`, fields: { 'Machines affected': '1', Machines: 'rival-1' } });
  expect(conditions({ source: 'cloudstack', items: [elsewhere], others: [down], facts })).toEqual([]);
  expect(conditions({ source: 'cloudstack', items: [vm()], others: [down], facts: [fact(down.key, 'host_state', 'Up')] })).toEqual([]);
  expect(ALERT_TYPES.host_down).toMatchObject({ severity: 'critical', holdMs: 300_000, clearMs: 300_000 });
});

test('cyberapp 5.5: the same host id in another cloud is another host', () => {
  const down = { ...host(), key: `cs:south:host:${HOST_ID}` };
  expect(conditions({ source: 'cloudstack', items: [vm()], others: [down], facts: [fact(down.key, 'host_state', 'Down')] })).toEqual([]);
});

test('cyberapp 5.5: hundreds of machines fit into the rows of an alert, and what does not is counted', () => {
  const items = Array.from({ length: 400 }, (_, at) => vm({ key: `cs:main:vm:${at}`, name: `machine-with-a-long-name-${at}` }));
  const [one] = conditions({ source: 'cloudstack', items, others: [host()], facts: [fact(host().key, 'host_state', 'Alert')] });
  const rows = Object.entries(one?.fields ?? {});
  expect(rows.length).toBeLessThanOrEqual(20);
  expect(rows.filter(([, value]) => value.length > 500)).toEqual([]);
  const listed = rows.filter(([label]) => /^Machines( \d+)?$/.test(label)).flatMap(([, value]) => value.split(', '));
  expect(listed.length + Number(one?.fields['Not listed'])).toBe(400);
});

test('cyberapp 5.5: a pool that fills is told only to those who see the infrastructure, at both levels, without its name', () => {
  const pool = { key: 'cs:main:storage_pool:p1', kind: 'storage_pool', name: 'ceph-fast', owner: [], attributes: {} };
  const ask = (share: number, open: readonly string[] = [], seesInfrastructure = true) =>
    conditions({
      ...{ source: 'cloudstack', items: [], others: [pool], facts: [fact(pool.key, 'used_share', share)], open },
      organization: { id: 'o1', seesInfrastructure },
    });
  const [near, full] = ['storage:p1:nearly_full:o1', 'storage:p1:full:o1'];
  const keys = (...asked: Parameters<typeof ask>) => ask(...asked).map(({ dedupKey }) => dedupKey);
  expect(keys(0.97, [], false)).toEqual([]);
  expect(keys(0.84)).toEqual([]);
  expect(keys(0.85)).toEqual([near]);
  expect(keys(0.81, [near])).toEqual([near]);
  expect(keys(0.8, [near])).toEqual([]);
  expect(keys(0.95)).toEqual([full]);
  expect(keys(0.93, [full])).toEqual([full]);
  expect(keys(0.92, [full])).toEqual([near]);
  expect(JSON.stringify(ask(0.96))).not.toContain('ceph-fast');
  expect([ALERT_TYPES.storage_nearly_full.severity, ALERT_TYPES.storage_full.severity]).toEqual(['warning', 'critical']);
});

test('cyberapp 9.164: a quota that fills and empties is one alert at a time, each closed below where it was raised', () => {
  const [near, exceeded] = [`disk_quota:near:${SITE_KEY}`, `disk_quota:exceeded:${SITE_KEY}`];
  let open: string[] = [];
  const after = (percent: number) => {
    const found = conditions({ source: 'blueonyx', items: [site()], facts: [fact(SITE_KEY, 'quota_used_share', percent / 100)], open });
    open = found.map(({ dedupKey }) => dedupKey);
    return open;
  };
  expect(after(89)).toEqual([]);
  expect(after(92)).toEqual([near]);
  expect(after(101)).toEqual([exceeded]);
  expect(after(98)).toEqual([exceeded]);
  expect(after(95)).toEqual([near]);
  expect(after(86)).toEqual([near]);
  expect(after(84)).toEqual([]);
  expect(after(86)).toEqual([]);
  expect(after(100)).toEqual([exceeded]);
  expect(after(88)).toEqual([near]);
});

test('cyberapp 5.5: the threshold of a quota is a setting', () => {
  const thresholds = { ...THRESHOLDS, quota_near_percent: 50 };
  const facts = [fact(SITE_KEY, 'quota_used_share', 0.5)];
  expect(codes(conditions({ source: 'blueonyx', items: [site()], facts, thresholds }))).toEqual(['disk_quota_near']);
});

test('cyberapp 9.165: a certificate is told 21 days before its end, then as expired, then no more', () => {
  const ask = (days: number) => {
    const ends = new Date(NOW + days * DAY).toISOString();
    return conditions({ source: 'blueonyx', items: [site()], facts: [fact(SITE_KEY, 'certificate_ends', ends)] });
  };
  expect(ask(22)).toEqual([]);
  expect(ask(21)).toMatchObject([{ code: 'certificate_expiring', since: NOW, dedupKey: `certificate_expiring:${SITE_KEY}` }]);
  expect(ask(0)).toMatchObject([{ code: 'certificate_expired', since: NOW, dedupKey: `certificate_expired:${SITE_KEY}` }]);
  expect(codes(ask(-3))).toEqual(['certificate_expired']);
  expect(ask(365)).toEqual([]);
  expect(conditions({ source: 'blueonyx', items: [site()], facts: [fact(SITE_KEY, 'certificate_ends', 'soon')] })).toEqual([]);
});

test('cyberapp 5.5: a suspended site is told while it is', () => {
  expect(conditions({ source: 'blueonyx', items: [site()], facts: [fact(SITE_KEY, 'suspended', true)] })).toMatchObject([
    { code: 'site_suspended', dedupKey: `site_suspended:${SITE_KEY}`, itemKey: SITE_KEY },
  ]);
  expect(conditions({ source: 'blueonyx', items: [site()], facts: [fact(SITE_KEY, 'suspended', false)] })).toEqual([]);
});

test('cyberapp 5.5: a silent web server is told after 15 minutes, to each customer with sites there', () => {
  const ask = (minutes: number, items = [site(), site({ key: 'bx:web1:vsite:site2', name: 'shop.bakery.example' })]) =>
    conditions({ source: 'blueonyx', items, facts: [fact('bx:web1', 'host_silent', true, { since: NOW - minutes * 60_000 })] });
  expect(ask(14)).toEqual([]);
  const [one, ...rest] = ask(15);
  expect(rest).toEqual([]);
  expect(one).toMatchObject({
    dedupKey: 'web_server_unreachable:web1:o1',
    title: 'The server of 2 web sites does not answer',
    fields: { 'Web sites': 'shop.bakery.example, www.bakery.example' },
  });
  expect(JSON.stringify({ ...one, dedupKey: '' })).not.toContain('web1');
  expect(ask(15, [site({ key: 'bx:web2:vsite:site1' })])).toEqual([]);
  expect(ask(15, [])).toEqual([]);
});

test('cyberapp 5.5: work of OVHcloud on a server is told, each by its number', () => {
  const detail = { status: 'doing', function: 'hardReboot', planned: '2026-03-03T02:00:00.000Z' };
  const facts = [
    fact(SERVER_KEY, 'task_open', '77', { detail }),
    fact(SERVER_KEY, 'intervention_open', '78', { detail: { status: 'planned' } }),
    fact(SERVER_KEY, 'task_open', '77'),
  ];
  const found = conditions({ source: 'ovh', items: [server()], facts });
  expect(found.map(({ dedupKey }) => dedupKey)).toEqual([`server_intervention:${SERVER_KEY}:77`, `server_intervention:${SERVER_KEY}:78`]);
  expect(found[0]?.fields).toEqual({
    ...{ Server: 'backup-store', Work: 'hardReboot', Status: 'doing' },
    ...{ Planned: '2026-03-03 02:00 UTC', Since: '2026-03-02 11:00 UTC', Number: '77' },
  });
});

test('cyberapp 5.5: a server in error and one that is blocked are told; its address at OVHcloud being watched is no alarm', () => {
  const ask = (...facts: [string, string | boolean][]) =>
    codes(conditions({ source: 'ovh', items: [server()], facts: facts.map(([code, value]) => fact(SERVER_KEY, code, value)) }));
  expect(ask(['state', 'error'])).toEqual(['server_unreachable']);
  expect(ask(['state', 'blocked'], ['blocked', 'hackedBlocked'])).toEqual(['server_blocked']);
  expect(ask(['state', 'running'], ['monitoring', false])).toEqual([]);
  expect(ALERT_TYPES.server_unreachable).toMatchObject({ holdMs: 0, clearMs: 600_000, severity: 'critical' });
});

test('cyberapp 5.5: a service that ends without renewal, or is not paid, is told', () => {
  const ask = (...facts: [string, string | boolean][]) =>
    conditions({ source: 'ovh', items: [server()], facts: facts.map(([code, value]) => fact(SERVER_KEY, code, value)) });
  const soon = new Date(NOW + 29 * DAY).toISOString().slice(0, 10);
  expect(ask(['service_expires', soon], ['service_auto_renew', true])).toEqual([]);
  expect(ask(['service_expires', soon])).toEqual([]);
  expect(ask(['service_expires', '2026-12-01'], ['service_auto_renew', false])).toEqual([]);
  expect(ask(['service_expires', soon], ['service_auto_renew', false])).toMatchObject([
    { code: 'service_expiring', dedupKey: `service_expiring:${SERVER_KEY}`, title: 'The service of backup-store ends soon' },
  ]);
  expect(ask(['service_expires', '2026-12-01'], ['service_auto_renew', true], ['service_status', 'unPaid'])).toMatchObject([
    { code: 'service_expiring', title: 'The service of backup-store is not paid' },
  ]);
  expect(codes(ask(['service_status', 'pendingDebt']))).toEqual(['service_expiring']);
});

test("cyberapp 5.5: facts of what makes no workload, and of what is not the organization's, are nobody's business", () => {
  const facts = [fact(SERVER_KEY, 'state', 'error'), fact('urn:other', 'state', 'error')];
  expect(conditions({ source: 'ovh', items: [{ ...server(), kind: 'domain' }], facts })).toEqual([]);
  expect(conditions({ source: 'ovh', items: [], facts })).toEqual([]);
});

test('cyberapp 5.5: the message of a failed backup tells nothing of the inside', () => {
  const reason = [
    'kvm7 could not read from Ceph-Fast at 10.255.0.7:3300: password=hunter2',
    'see https://mgmt.internal/x?apikey=abc and /var/lib/libvirt/images/a.qcow2 on node1.dc.example;',
    'pool 5f3c2a1e-0d4b-4c6a-8e7f-9a0b1c2d3e4f, fe80::1ff:fe23:4567:890a, Bearer eyJhbGciOi',
  ].join('\n');
  const others = [host('kvm7'), { key: 'cs:main:storage_pool:p1', kind: 'storage_pool', name: 'ceph-fast', owner: [], attributes: {} }];
  const facts = [fact(VM_KEY, 'backup_last_failed', at(1), { detail: { reason } })];
  const [one] = conditions({ source: 'cloudstack', items: [vm()], others, facts });
  expect(one?.fields.Error).toContain('could not read from […]');
  expect(one?.fields.Error).not.toMatch(/kvm7|ceph|10\.255|hunter2|mgmt|abc|libvirt|node1|5f3c2a1e|fe80|eyJ|\n/i);
});
