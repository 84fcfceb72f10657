import { writeOvf } from '@fairlead/ovirt/codec';
import { expect, test } from 'vitest';
import { Rig } from './support/rig.ts';

const GIB = 1024 ** 3;
const SNAPSHOT = '11111111-2222-4333-8444-555555555555';
const MIB = 1024 ** 2;

test('a backup of one VM is restored as another one, the whole way that a backup tool goes', async () => {
  await using rig = await Rig.start();
  const { pool, network } = rig.ids;
  const old = await rig.fake.addVm({ name: 'web-01', memoryMiB: 1024, disks: [{ name: 'root' }, { name: 'data', sizeGiB: 2 }] });
  rig.fake.addNic('web-01', 'net-admin');
  const mac = (await rig.get(`/vms/${old.id}/nics`)).json.nic as { mac: { address: string } }[];

  const read = await rig.get(`/vms/${old.id}?all_content=true&follow=disk_attachments.disk,nics.reporteddevices,tags`);
  const ovf = (read.json.initialization as { configuration: { data: string } }).configuration.data;
  await rig.post(`/vms/${old.id}/stop`);
  const removed = await rig.delete(`/vms/${old.id}`);
  const vm = await rig.post('/vms', {
    name: 'web_01 restored',
    cluster: { id: rig.ids.cluster },
    cpu: { topology: { sockets: '1', cores: '1', threads: '1' } },
    memory: String(1024 * MIB),
    initialization: { configuration: { type: 'ovf', data: ovf } },
  });
  const disks: string[] = [];
  for (const [name, size] of [
    ['root', GIB],
    ['data', 2 * GIB],
  ] as const) {
    const disk = await rig.post('/disks', {
      name,
      provisioned_size: size,
      format: 'cow',
      sparse: true,
      storage_domains: { storage_domain: [{ id: pool }] },
    });
    await rig.settled(`/disks/${disk.json.id}`, 'ok', 'status');
    const transfer = await rig.post('/imagetransfers', { disk: { id: disk.json.id }, direction: 'upload', format: 'raw' });
    await rig.post(`/imagetransfers/${transfer.json.id}/finalize`);
    disks.push(disk.json.id);
  }
  const root = await rig.post(`/vms/${vm.json.id}/diskattachments`, {
    disk: { id: disks[0] },
    bootable: true,
    interface: 'virtio_scsi',
    active: true,
  });
  const data = await rig.post(`/vms/${vm.json.id}/diskattachments`, { disk: { id: disks[1] }, bootable: false, active: true });
  const nic = await rig.post(`/vms/${vm.json.id}/nics`, { name: 'nic1', vnic_profile: { id: network } });
  const start = await rig.post(`/vms/${vm.json.id}/start`);
  const job = start.json.job as { id: string };

  expect([removed.status, vm.status, vm.json.name, vm.json.status]).toEqual([200, 201, 'web-01-restored', 'down']);
  expect([root.status, root.json.bootable, data.status, data.json.bootable]).toEqual([201, 'true', 201, 'false']);
  expect([nic.status, nic.json.mac]).toEqual([201, mac[0]?.mac]);
  expect([start.status, start.json.status, (start.json.vm as { id: string }).id]).toEqual([200, 'complete', vm.json.id]);
  expect((await rig.get(`/jobs/${job.id}`)).json.status).toBe('finished');
  expect((await rig.get(`/vms/${vm.json.id}`)).json.status).toBe('up');
  expect(rig.fake.volume(disks[0] ?? '')).toMatchObject({ type: 'ROOT', deviceId: 0 });
  expect(rig.fake.vm('web-01-restored')).toMatchObject({ displayname: 'web_01 restored', osType: { description: old.osType.description } });
});

test('upload_disk.py: the storage domain by its name, XML, and an initial size', async () => {
  await using rig = await Rig.start();
  const pool = rig.fake.cloud.pools[0]?.name ?? '';

  const made = await rig.api(
    'POST',
    '/disks',
    `<disk><name>uploaded</name><content_type>data</content_type><description>Uploaded disk</description><format>cow</format>
      <initial_size>1048576</initial_size><provisioned_size>${GIB}</provisioned_size><backup>incremental</backup><sparse>true</sparse>
      <storage_domains><storage_domain><name>${pool}</name></storage_domain></storage_domains></disk>`,
  );
  const disk = await rig.settled(`/disks/${made.json.id}`, 'ok', 'status');
  const transfer = await rig.api(
    'POST',
    '/imagetransfers',
    `<image_transfer><direction>upload</direction><format>raw</format><inactivity_timeout>30</inactivity_timeout>
      <timeout_policy>cancel</timeout_policy><disk id="${made.json.id}"/></image_transfer>`,
  );
  const finalize = await rig.api('POST', `/imagetransfers/${transfer.json.id}/finalize`, '<action/>');

  expect([made.status, transfer.status, finalize.status]).toEqual([201, 201, 200]);
  expect(disk.json).toMatchObject({
    description: 'Uploaded disk',
    initial_size: '1048576',
    provisioned_size: String(GIB),
    name: 'uploaded',
  });
  expect((await rig.get(`/imagetransfers/${transfer.json.id}`)).json.phase).toBe('finished_success');
});

test('a worker gets what its image needs: Rocky Linux, UEFI, host CPU, user data and its fixed address', async () => {
  await using rig = await Rig.start();
  const script =
    '#cloud-config\nwrite_files:\n- path: /etc/network_config.yml\n  content: |\n    interfaces:\n    - ipv4:\n        enabled: true\n        dhcp: false\n        address:\n        - ip: 10.1.1.77\n';

  const vm = await rig.post('/vms', {
    name: 'worker',
    cluster: { id: rig.ids.cluster },
    cpu: { topology: { sockets: 6 } },
    memory: 6 * GIB,
    bios: { type: 'q35_secure_boot' },
    initialization: { custom_script: script },
  });
  const nic = await rig.post(`/vms/${vm.json.id}/nics`, { vnic_profile: { id: rig.ids.network } });
  const row = rig.fake.vm('worker');

  expect([vm.status, nic.status]).toEqual([201, 201]);
  expect(vm.json).toMatchObject({ bios: { type: 'q35_secure_boot' }, memory: String(6 * GIB), cpu: { topology: { sockets: '6' } } });
  expect(row.details).toMatchObject({ 'guest.cpu.mode': 'host-passthrough', cpuNumber: '6', memory: String(6 * 1024) });
  expect(row.osType.description).toBe('Rocky Linux 9');
  expect(Buffer.from(row.userdata ?? '', 'base64').toString()).toBe(script);
  expect(row.nics[0]?.ip).toBe('10.1.1.77');
});

test('details that could harm do not come back with an OVF', async () => {
  await using rig = await Rig.start();
  const details = [
    { key: 'extraconfig-1', value: '<devices/>' },
    { key: 'deployvm', value: 'true' },
    { key: 'rootDiskController', value: 'scsi' },
  ];
  const data = writeOvf(
    { name: 'old', disks: [], nics: [], cloud: { affinityGroupIds: [], keyPairs: [], details } },
    { exportDate: Date.UTC(2026, 0, 1), snapshotId: SNAPSHOT },
  );

  await rig.post('/vms', {
    name: 'restored',
    cluster: { id: rig.ids.cluster },
    memory: 512 * MIB,
    initialization: { configuration: { type: 'ovf', data } },
  });

  expect(Object.keys(rig.fake.vm('restored').details).toSorted()).toEqual(['deployvm', 'rootDiskController']);
  expect(rig.fake.vm('restored').details.deployvm).toBe('true');
});

test('a VM goes to the owner that its OVF names, unless the caller does not see him', async () => {
  await using rig = await Rig.start();
  const alice = rig.fake.cloud.accounts.find((account) => account.name === 'alice');
  const data = writeOvf(
    { name: 'old', disks: [], nics: [], owner: { accountId: alice?.id ?? '', domainId: alice?.domain.id ?? '' } },
    { exportDate: Date.UTC(2026, 0, 1), snapshotId: SNAPSHOT },
  );
  const body = (name: string) => ({
    name,
    cluster: { id: rig.ids.cluster },
    memory: 512 * MIB,
    initialization: { configuration: { type: 'ovf', data } },
  });

  const byAdmin = await rig.post('/vms', body('by-admin'));
  const byBob = await rig.post('/vms', body('by-bob'), { user: 'bob@tenants' });

  expect([byAdmin.status, byBob.status]).toEqual([201, 201]);
  expect([rig.fake.vm('by-admin').owner.name, rig.fake.vm('by-bob').owner.name]).toEqual(['alice', 'bob']);
  const events = await rig.get('/events?search=owner', { user: 'bob@tenants' });
  expect(events.json.event).toMatchObject([{ severity: 'warning', description: expect.stringContaining('does not exist here') }]);
});

test('ovirt 12.38: an OVF that cannot be read costs a warning, a bomb costs the request', async () => {
  await using rig = await Rig.start();
  const body = (data: string) => ({
    name: 'vm-x',
    cluster: { id: rig.ids.cluster },
    memory: 512 * MIB,
    initialization: { configuration: { type: 'ovf', data } },
  });

  const deep = await rig.post('/vms', body('<a>'.repeat(200)));
  const broken = await rig.post('/vms', body('<ovf:Envelope'));

  expect([deep.status, broken.status]).toEqual([400, 201]);
  expect((await rig.get('/events')).json.event).toMatchObject([
    { severity: 'warning', description: expect.stringContaining('made without its OVF') },
  ]);
});

test('a restore that is given up leaves nothing behind, in whatever order it is cleaned', async () => {
  await using rig = await Rig.start();
  const vm = await rig.post('/vms', { name: 'half', cluster: { id: rig.ids.cluster }, memory: 512 * MIB });
  const disk = await rig.post('/disks', {
    name: 'half',
    provisioned_size: GIB,
    storage_domains: { storage_domain: [{ id: rig.ids.pool }] },
  });
  const transfer = await rig.post('/imagetransfers', { disk: { id: disk.json.id } });

  const statuses = [
    await rig.post(`/imagetransfers/${transfer.json.id}/cancel`),
    await rig.delete(`/vms/${vm.json.id}`),
    await rig.delete(`/disks/${disk.json.id}`),
    await rig.delete(`/vms/${vm.json.id}`),
    await rig.delete(`/disks/${disk.json.id}`),
  ];

  expect(statuses.map((reply) => reply.status)).toEqual([200, 200, 200, 404, 404]);
  for (const table of ['ovirt_locks', 'ovirt_disks', 'ovirt_creations', 'ovirt_restores'])
    expect([table, await rig.rows(table)]).toEqual([table, []]);
});
