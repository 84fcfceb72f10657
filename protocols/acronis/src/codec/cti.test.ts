import { expect, test } from 'vitest';
import { alertCategoryCti, alertTypeCti, endpointCti, workloadActionCti, workloadTypeCti } from './app-ctis.ts';
import { CallbackTable } from './callbacks/table.ts';
import { belongsTo, CtiTable, derivesFrom, formatCti, isAppCode, parseCti } from './cti.ts';

const READ = 'cti.a.p.acgw.callback.v1.0~a.p.enablement.read.v1.0';

test('an identifier is read into its contexts', () => {
  expect(parseCti('cti.a.ui.item.v1.0~a.ui.ext_p.workload_actions.action.v1.0~acme.fairlead.open.v2.13.4')).toEqual({
    contexts: [
      { vendor: 'a', application: 'ui', entity: 'item', major: '1', rest: ['0'] },
      { vendor: 'a', application: 'ui', entity: 'ext_p.workload_actions.action', major: '1', rest: ['0'] },
      { vendor: 'acme', application: 'fairlead', entity: 'open', major: '2', rest: ['13', '4'] },
    ],
  });
});

test.each([
  READ,
  'cti.a.p.am.alert.v1',
  'cti.a.p.am.alert.v1.2.3',
  'cti.acme_1.fair_2.thing_3.v01.00',
  'cti.a.p.am.alert.v1.0~3F6D1C0A-5b7e-4c1e-9a53-0c7d2b9e4f11',
])('%s is written as it was read', (text) => {
  const cti = parseCti(text);
  expect(cti && formatCti(cti)).toBe(text);
});

test.each([
  '',
  'cti.',
  'a.p.am.alert.v1.0',
  'CTI.a.p.am.alert.v1.0',
  'cti.a.p.v1.0',
  'cti.a.p.x.v1.0',
  'cti.A.p.alert.v1.0',
  'cti.1a.p.alert.v1.0',
  'cti.a.p.alert.1.0',
  'cti.a.p.alert.v',
  'cti.a.p.alert.v1.2.3.4',
  'cti.a.p.alert.v1.0~',
  'cti.a.p.alert.v1.0~~a.p.alert.v1.0',
  'cti.a.p.alert.v1.0~not-a-uuid',
  'cti.3f6d1c0a-5b7e-4c1e-9a53-0c7d2b9e4f11',
  'cti.a.p.alert.v1.0 ',
  'cti.a.p.alert.v1.0\n',
  `cti.${Array(9).fill('a.p.alert.v1.0').join('~')}`,
  `cti.a.p.${'a'.repeat(510)}.v1.0`,
])('%j is no identifier', (text) => {
  expect(parseCti(text)).toBeUndefined();
});

test('what derives has all contexts of its base, in the same major versions', () => {
  expect(derivesFrom(READ, 'cti.a.p.acgw.callback.v1.0')).toBe(true);
  expect(derivesFrom('cti.a.p.acgw.callback.v1.3~a.p.enablement.read.v1.0', 'cti.a.p.acgw.callback.v1.2')).toBe(true);
  expect(derivesFrom('cti.a.p.acgw.callback.v1.1~a.p.enablement.read.v1.0', 'cti.a.p.acgw.callback.v1.2')).toBe(false);
  expect(derivesFrom('cti.a.p.acgw.callback.v2.0~a.p.enablement.read.v1.0', 'cti.a.p.acgw.callback.v1.0')).toBe(false);
  expect(derivesFrom('cti.a.p.acgw.callback.v1.0', READ)).toBe(false);
  expect(derivesFrom('nothing', READ)).toBe(false);
});

test('the app of the last context owns an identifier', () => {
  expect(belongsTo('cti.a.p.acgw.endpoint.v1.1~acme.fairlead.endpoint.v1.0', 'acme.fairlead')).toBe(true);
  expect(belongsTo('cti.a.p.acgw.endpoint.v1.1~acme.fairlead2.endpoint.v1.0', 'acme.fairlead')).toBe(false);
  expect(belongsTo('cti.acme.fairlead.endpoint.v1.0~other.app.endpoint.v1.0', 'acme.fairlead')).toBe(false);
});

test('an app code is two lower-case words', () => {
  expect(['vendor.app', 'a1_.b_2'].every(isAppCode)).toBe(true);
  expect(['vendor', 'Vendor.app', 'vendor.app.x', '1v.app', 'vendor.', 'v~.app'].some(isAppCode)).toBe(false);
});

test('cyberapp 9.23: another minor version is the registered one, another major version is unknown', () => {
  const table = new CtiTable([[READ, 'read']]);
  expect(table.find(READ)).toEqual({ value: 'read', registered: READ, drifted: false });
  const later = READ.replace(/v1\.0$/, 'v1.1');
  expect(table.find(later)).toEqual({ value: 'read', registered: READ, drifted: true });
  expect(table.find(READ.replace(/v1\.0$/, 'v2.0'))).toBeUndefined();
  // Only the last context may differ.
  expect(table.find(READ.replace('v1.0~', 'v1.1~'))).toBeUndefined();
  expect(() => new CtiTable([['nonsense', 1]])).toThrow(RangeError);
});

test('cyberapp 9.178: every identifier that is made or registered fits the grammar', () => {
  const app = 'acme.fairlead';
  const tables = (['mapped', 'mirrored'] as const).map(
    (enablement) => new CallbackTable({ app, enablement, inventory: true, usersPaging: true }),
  );
  const rows = tables.flatMap((table) => table.all);
  const made = [endpointCti(app), alertTypeCti(app, 'backup_failed'), alertCategoryCti(app, 'backup'), workloadTypeCti(app, 'vps')];
  const registered = rows.flatMap((row) => [
    row.id,
    ...row.aliases,
    ...row.requestTypes,
    row.responseType,
    ...row.errors.map(({ type }) => type),
  ]);
  const all = [...made, workloadActionCti(app, 'open'), ...registered];
  expect(all.filter((text) => parseCti(text) === undefined)).toEqual([]);
  expect(all.length).toBeGreaterThan(60);
  expect([...made, workloadActionCti(app, 'open')].every((text) => belongsTo(text, app))).toBe(true);
});
