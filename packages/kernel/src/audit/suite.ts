import { describe, expect, test } from 'vitest';
import { ManualClock } from '../clock/index.ts';
import { AsyncScope } from '../lifecycle/index.ts';
import { createLog } from '../log/index.ts';
import { kernelMigrations, migrate } from '../store/index.ts';
import type { StorePlace } from '../store/suite.ts';
import { Audit, type AuditEntry } from './index.ts';

const entry: AuditEntry = {
  face: 'ovirt',
  actor: 'eve@internal',
  action: 'vm.remove',
  object: 'vm-1',
  outcome: 'ok',
  correlationId: 'c-1',
  address: '192.0.2.7',
  detail: { keepDisks: true },
};

/** What the audit must do on every store; `newPlace` makes an empty one whose stores go by this clock. */
export function testAudit(name: string, newPlace: (clock: ManualClock) => Promise<StorePlace>): void {
  describe(`audit: ${name}`, () => {
    test('rows are found by correlation id, object and time, newest first', async () => {
      await using made = await start(newPlace);
      const { audit, clock } = made;
      await audit.record(entry);
      clock.advance(5);
      await audit.record({ face: 'ovirt', actor: 'bob', action: 'login', outcome: 'refused', correlationId: 'c-2' });
      const from = clock.now();
      clock.advance(5);
      await audit.record({ ...entry, action: 'disk.remove', object: 'disk-1' });

      const actions = async (query: Parameters<Audit['find']>[0]) => (await audit.find(query)).map((row) => row.action);
      expect(await actions({ limit: 10 })).toEqual(['disk.remove', 'login', 'vm.remove']);
      expect(await actions({ correlationId: 'c-1', limit: 10 })).toEqual(['disk.remove', 'vm.remove']);
      expect(await actions({ sinceMs: from, limit: 10 })).toEqual(['disk.remove', 'login']);
      expect(await actions({ limit: 1 })).toEqual(['disk.remove']);
      const [found] = await audit.find({ object: 'vm-1', limit: 10 });
      expect(found).toEqual({ ...entry, id: expect.any(String), atMs: from - 5 });
    });

    test('what callers type is kept, bounded and without secrets, whatever it is', async () => {
      await using made = await start(newPlace);
      const { audit, lines } = made;
      await audit.record({ ...entry, actor: `nul\0${'x'.repeat(9999)}`, detail: { password: 'tell-nobody-4711', text: 'y'.repeat(9999) } });

      const [found] = await audit.find({ limit: 1 });
      expect(found?.actor).toHaveLength(255);
      expect(found?.actor.startsWith('nul\uFFFDx')).toBe(true);
      expect(JSON.stringify(found)).not.toContain('4711');
      expect(found?.detail?.text).toHaveLength(1000);
      expect(lines.join('')).not.toContain('4711');
    });

    test('old rows are swept, each has a line in the log, and a store that fails harms nobody', async () => {
      await using made = await start(newPlace);
      const { audit, clock, lines } = made;
      await audit.record(entry);
      clock.advance(1000);
      await audit.record({ ...entry, outcome: 'failed' });
      expect(await audit.sweep(1000)).toBe(0);
      expect(await audit.sweep(999)).toBe(1);
      expect(await audit.find({ limit: 9 })).toMatchObject([{ outcome: 'failed' }]);

      await made.dropTable();
      await audit.record(entry);

      expect(lines.map((line) => JSON.parse(line))).toMatchObject([
        { level: 'info', audit: true, actor: 'eve@internal', msg: 'vm.remove: ok' },
        { level: 'warn', correlationId: 'c-1', msg: 'vm.remove: failed' },
        { msg: 'vm.remove: ok' },
        { level: 'error', msg: 'an audit row could not be written' },
      ]);
    });
  });
}

async function start(newPlace: (clock: ManualClock) => Promise<StorePlace>) {
  const clock = new ManualClock();
  await using scope = new AsyncScope();
  const place = scope.use(await newPlace(clock));
  const store = scope.use(await place.open());
  await migrate(store, kernelMigrations);
  const lines: string[] = [];
  const log = createLog({ destination: { write: (line) => void lines.push(line) } });
  const held = scope.move();
  return {
    audit: new Audit({ store, log }),
    clock,
    lines,
    dropTable: () => store.tables().schema.dropTable('kernel_audit').execute(),
    [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
  };
}
