import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { until } from '@fairlead/testkit/until';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';

const GIB = 1024 ** 3;

describe.skipIf(lacksPostgres())('on PostgreSQL', () => {
  test('of many backups of one VM, asked of two gateways at once, exactly one begins', async () => {
    await using database = await freshDatabase();
    await using rig = await Rig.start({ storeUrl: database.url });
    const vm = await rig.fake.addVm({ name: 'web-01', disks: [{ name: 'root' }] });
    const second = await rig.addGateway();

    const asked = Array.from({ length: 8 }, (_, index) =>
      rig.api('POST', `/vms/${vm.id}/backups`, {}, index % 2 === 0 ? {} : { origin: second.origin }),
    );
    const statuses = (await Promise.all(asked)).map((reply) => reply.status).toSorted();

    expect(statuses).toEqual([201, ...Array(7).fill(409)]);
    expect(rig.images.calls.filter((call) => call.startsWith('backups.start'))).toHaveLength(1);
  });

  test('a backup, its transfer and an upload go their whole way, a kill between', async () => {
    await using database = await freshDatabase();
    await using rig = await Rig.start({ storeUrl: database.url });
    const vm = await rig.fake.addVm({ name: 'web-01', disks: [{ name: 'root' }] });
    const backup = await rig.post(`/vms/${vm.id}/backups`);
    const path = `/vms/${vm.id}/backups/${backup.json.id}`;
    await rig.settled(path, 'ready');

    await rig.killAndRestart();
    const download = await rig.post('/imagetransfers', {
      disk: { id: rig.fake.volume('root').id },
      backup: { id: backup.json.id },
      direction: 'download',
    });
    const disk = await rig.post('/disks', {
      name: 'new',
      provisioned_size: GIB + 1,
      storage_domains: { storage_domain: [{ id: rig.ids.pool }] },
    });
    const upload = await rig.post('/imagetransfers', { disk: { id: disk.json.id }, format: 'raw' });
    const ends = [
      await rig.post(`/imagetransfers/${download.json.id}/finalize`),
      await rig.post(`/imagetransfers/${upload.json.id}/finalize`),
      await rig.post(`${path}/finalize`),
    ];

    expect([download.status, disk.status, upload.status, ...ends.map((reply) => reply.status)]).toEqual([201, 201, 201, 200, 200, 200]);
    expect((await rig.get(path)).json.phase).toBe('succeeded');
    await until(async () => (await rig.rows('ovirt_locks')).length === 0);
  });

  test('events of two gateways get one number each', async () => {
    await using database = await freshDatabase();
    await using rig = await Rig.start({ storeUrl: database.url });
    const second = await rig.addGateway();

    const told = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        rig.api('POST', '/events', { description: `event ${index}` }, index % 2 === 0 ? {} : { origin: second.origin }),
      ),
    );

    expect(told.map((reply) => reply.status)).toEqual(Array(6).fill(201));
    expect(told.map((reply) => Number(reply.json.id)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
