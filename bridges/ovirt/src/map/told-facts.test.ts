import { readHost, readStoragePool } from '@fairlead/cloudstack';
import { expect, test } from 'vitest';
import type { BackupRow, TransferRow } from '../store/write-tables.ts';
import { anyName } from './text.ts';
import { backupFact, hostFacts, poolFacts, toldFact, workFact } from './told-facts.ts';

test.each([
  [{ disksizeused: 1, disksizetotal: 3 }, ['0.3333']],
  [{ disksizeused: 0, disksizetotal: 3 }, ['0']],
  [{ disksizeused: 9, disksizetotal: 10, capacitybytes: 100 }, ['0.9']],
  [{ disksizeused: 9, capacitybytes: 10 }, ['0.9']],
  [{ disksizeused: 9, disksizetotal: 0 }, []],
  [{ disksizetotal: 10 }, []],
])('of a pool with %j the shares %j are told', (sizes, values) => {
  const facts = poolFacts(readStoragePool({ id: 'p', name: 'p', ...sizes }));
  expect(facts.map((fact) => fact.value)).toEqual(values);
});

test('the state of a host is told with what its administrator made of it', () => {
  const facts = hostFacts(readHost({ id: 'h', name: 'kvm1', state: 'Disconnected', resourcestate: 'Maintenance' }));
  const row = facts.map((fact) => ({ ...fact, source: 'host' as const, since_ms: 7 }))[0];

  expect(row && toldFact(row, 'main')).toEqual({
    key: 'cs:main:host:h',
    code: 'host_state',
    since: 7,
    value: 'Disconnected',
    detail: { resource_state: 'Maintenance' },
  });
  expect(hostFacts(readHost({ id: 'h', name: 'kvm1' }))).toEqual([]);
});

test('bytes and phases are progress; that a client asks is none', () => {
  const backup = { id: 'b', phase: 'ready', created_ms: 5, active_ms: 5 } as BackupRow;
  const transfer = { id: 't', phase: 'transferring', transferred: 100, created_ms: 9, active_ms: 9 } as TransferRow;
  const markOf = (backups: BackupRow[], transfers: TransferRow[]) => workFact({ vmId: 'v', backups, transfers }).mark;
  const before = markOf([backup], [transfer]);

  expect(markOf([{ ...backup, active_ms: 99 }], [{ ...transfer, active_ms: 99 }])).toBe(before);
  expect(markOf([backup], [{ ...transfer, transferred: 101 }])).not.toBe(before);
  expect(markOf([backup], [{ ...transfer, phase: 'paused_system' }])).not.toBe(before);
  expect(markOf([{ ...backup, phase: 'finalizing' }], [transfer])).not.toBe(before);
  expect(markOf([backup], [])).not.toBe(before);
  expect(JSON.parse(workFact({ vmId: 'v', backups: [backup], transfers: [transfer] }).detail ?? '')).toEqual({
    what: 'backup',
    began: '1970-01-01T00:00:00.005Z',
  });
  expect(JSON.parse(workFact({ vmId: 'v', backups: [], transfers: [transfer] }).detail ?? '')).toMatchObject({ what: 'transfer' });
});

test('how a backup ended is told with its times, and a failure in words for customers', () => {
  const end = { vm_id: 'v', began_ms: 1000, ended_ms: 2000, reason: null };
  const failed = { ...end, outcome: 'failed' as const, reason: 'The agent kvm1 cannot be reached' };

  expect(backupFact({ ...end, outcome: 'ok' }, 'main', undefined)).toEqual({
    key: 'cs:main:vm:v',
    code: 'backup_last_ok',
    since: 2000,
    value: '1970-01-01T00:00:02.000Z',
    detail: { began: '1970-01-01T00:00:01.000Z' },
  });
  expect(backupFact(failed, 'main', anyName(['kvm1']))).toMatchObject({
    code: 'backup_last_failed',
    value: '1970-01-01T00:00:02.000Z',
    detail: { began: '1970-01-01T00:00:01.000Z', reason: 'The agent […] cannot be reached' },
  });
  expect(backupFact({ ...failed, reason: null }, 'main', undefined).detail).toEqual({ began: '1970-01-01T00:00:01.000Z' });
});
