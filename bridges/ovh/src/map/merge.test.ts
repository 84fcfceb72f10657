import type { Inventory, InventoryRecord, RecordError } from '@fairlead/ovh/inventory';
import { describe, expect, test } from 'vitest';
import { mergedRecords } from './merge.ts';

const KINDS = ['baremetal', 'vps', 'cloud-instance', 'domain', 'ip'] as const;

function record(name: string, more: Partial<InventoryRecord> = {}): InventoryRecord {
  return {
    ...{ id: `ovh:ovh-eu:vps:${name}`, provider: 'ovh', endpoint: 'ovh-eu', account: 'main', kind: 'vps', name, displayName: name },
    ...{ state: 'running', rawState: 'running', fetchedAt: '2026-11-22T08:00:00.000Z', errors: [] },
    ...more,
  };
}

function failure(route: string): RecordError {
  return { route, status: 503, code: 'OVH_SERVER_UNAVAILABLE', message: 'not now' };
}

function inventory(records: readonly InventoryRecord[], errors: readonly RecordError[] = []): Inventory {
  const rest = { account: 'main', endpoint: 'ovh-eu', fetchedAt: '2026-11-22T08:00:00.000Z', missingRules: [], missingActions: [] };
  return { complete: errors.length === 0, ...rest, records, errors };
}

describe('what is known after a look', () => {
  test('of a list that failed all stay, of one that was read only what is in it', () => {
    const former = [record('a'), record('b'), record('s', { kind: 'baremetal' }), record('t', { kind: 'baremetal' })];
    const now = inventory([record('s', { kind: 'baremetal' })], [failure('GET /vps')]);
    expect(mergedRecords(former, now, KINDS).map(({ name }) => name)).toEqual(['s', 'a', 'b']);
  });

  test('a failed list that is not known keeps everything, that of all resources keeps nothing', () => {
    const former = [record('a'), record('example.org', { kind: 'domain' })];
    expect(mergedRecords(former, inventory([], [failure('GET /new/thing')]), KINDS)).toHaveLength(2);
    expect(mergedRecords(former, inventory([], [failure('GET /v2/iam/resource')]), KINDS)).toEqual([]);
  });

  test('kinds that are not read any more go', () => {
    expect(mergedRecords([record('a')], inventory([], [failure('GET /vps')]), ['ip'])).toEqual([]);
  });

  test('a thing whose own answer failed is as it was, with the error of now', () => {
    const former = record('a', { os: 'Debian 12', fetchedAt: '2026-11-21T08:00:00.000Z' });
    const errors = [failure('GET /vps/{serviceName}')];
    const now = record('a', { state: 'unknown', rawState: '', errors });
    expect(mergedRecords([former], inventory([now]), KINDS)).toEqual([{ ...former, errors }]);
  });

  test('of a thing of which a part failed that part is as it was', () => {
    const former = record('a', { os: 'Debian 12', ips: [{ address: '192.0.2.1', version: 4, kind: 'public' }], tags: { env: 'prod' } });
    const now = record('a', {
      state: 'stopped',
      ips: [],
      errors: [failure('GET /vps/{serviceName}/ips'), failure('GET /vps/{serviceName}/images/current')],
    });
    const [merged] = mergedRecords([former], inventory([now]), KINDS);
    expect(merged).toMatchObject({ state: 'stopped', os: 'Debian 12', ips: former.ips });
  });

  test('tasks of a list that failed are still open, others are as they are told', () => {
    const open = [
      { kind: 'task', id: '1', status: 'doing' },
      { kind: 'intervention', id: '2', status: 'planned' },
    ] as const;
    const former = record('s', { kind: 'baremetal', open });
    const now = record('s', { kind: 'baremetal', open: [], errors: [failure('GET /dedicated/server/{serviceName}/task')] });
    expect(mergedRecords([former], inventory([now]), KINDS)[0]?.open).toEqual([open[0]]);
    expect(mergedRecords([former], inventory([record('s', { kind: 'baremetal', open: [] })]), KINDS)[0]?.open).toEqual([]);
  });

  test('tags stay where the list of all resources failed, and go where it did not', () => {
    const former = record('example.org', { kind: 'domain', tags: { env: 'prod' } });
    const now = record('example.org', { kind: 'domain' });
    expect(mergedRecords([former], inventory([now], [failure('GET /v2/iam/resource')]), KINDS)[0]?.tags).toEqual({ env: 'prod' });
    expect(mergedRecords([former], inventory([now]), KINDS)[0]?.tags).toBeUndefined();
  });

  test('names that nobody can write are left out, and a URN that is none does not count', () => {
    const now = inventory([
      record('a\u0000b'),
      record('\ud800'),
      record('x'.repeat(301)),
      record('good', { id: 'urn:\n' }),
      record('good'),
    ]);
    expect(mergedRecords([], now, KINDS).map(({ name, id }) => [name, id])).toEqual([['good', 'ovh:ovh-eu:vps:good']]);
  });
});
