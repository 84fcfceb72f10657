import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';

const { signal } = new AbortController();
const HOUR = 3_600_000;

describe.skipIf(lacksPostgres())('on PostgreSQL', () => {
  test('two gateways tell the same facts, however many look at once, and go on after a kill', async () => {
    await using database = await freshDatabase();
    await using rig = await Rig.start({
      storeUrl: database.url,
      cloud: { crowd: 30 },
      prepare: (fake) => fake.addVm({ name: 'web-01', disks: [{ name: 'root' }] }),
    });
    const second = await rig.addGateway();
    await until(async () => (await rig.inventory.list(signal)).complete);
    const { id } = rig.fake.vm('web-01');
    const ended = await rig.post(`/vms/${id}/backups`);
    const path = `/vms/${id}/backups/${ended.json.id}`;
    await rig.settled(path, 'ready');
    await rig.post(`${path}/finalize`);
    await rig.post(`/vms/${id}/backups`);

    const looks = await Promise.all(
      Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? rig.inventory : second.inventory).conditions(signal)),
    );
    const facts = looks[0]?.facts ?? [];
    await rig.killAndRestart();
    rig.clock.advance(HOUR);
    const after = await rig.inventory.conditions(signal);

    expect(new Set(looks.map((look) => JSON.stringify(look.facts))).size).toBe(1);
    expect(facts.filter((fact) => fact.code === 'state')).toHaveLength(31);
    expect(facts.filter((fact) => fact.key.endsWith(id)).map((fact) => fact.code)).toEqual(['state', 'backup_stuck', 'backup_last_ok']);
    expect(after.facts.filter((fact) => fact.code !== 'backup_stuck')).toEqual(facts.filter((fact) => fact.code !== 'backup_stuck'));
  });
});
