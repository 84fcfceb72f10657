import { spawnSync } from 'node:child_process';
import { until } from '@fairlead/testkit/until';
import { expect, test } from 'vitest';
import { processName } from '../src/service/process-name.ts';
import { Rig } from './support/rig.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const RUN = { headers: { 'correlation-id': 'run-1' } };
/** Longer than nobody may ask for what nobody was told of. */
const LONG_MS = 16 * 60_000;

const vmNamed = (rig: Rig, name: string) => ({ name, cluster: { id: rig.ids.cluster }, memory: 512 * MIB });
const diskNamed = (rig: Rig, name: string) => ({
  name,
  provisioned_size: GIB,
  storage_domains: { storage_domain: [{ id: rig.ids.pool }] },
});

/** Ids of everything of that name that CloudStack has. */
function made(rig: Rig, name: string): readonly string[] {
  const { vms, volumes } = rig.fake.cloud;
  return [...vms.filter((vm) => vm.state !== 'Expunging'), ...volumes.filter((volume) => volume.state !== 'Expunged')]
    .filter((one) => one.name === name)
    .map((one) => one.id);
}

/** The watchdog's next round. */
async function round(rig: Rig, ms = LONG_MS): Promise<void> {
  const calls = rig.fake.calls.length;
  rig.clock.advance(ms);
  await until(() => rig.fake.calls.length > calls);
}

test.each([
  ['VM', '/vms', 'deployVirtualMachine', vmNamed, RUN],
  ['VM without a correlation id', '/vms', 'deployVirtualMachine', vmNamed, {}],
  ['disk', '/disks', 'createVolume', diskNamed, RUN],
  ['disk without a correlation id', '/disks', 'createVolume', diskNamed, {}],
] as const)(
  'a %s whose answer was lost on its way from CloudStack is found by the same request, hours later too',
  async (_, path, command, body, how) => {
    await using rig = await Rig.start();
    rig.fake.faults.next(command, { kind: 'cut' });

    const lost = await rig.post(path, body(rig, 'lost'), how);
    const [id] = made(rig, 'lost');
    const again = await rig.post(path, body(rig, 'lost'), how);
    rig.clock.advance(5 * 3_600_000);
    const late = await rig.post(path, body(rig, 'lost'), RUN);

    expect([lost.status, again.status, again.json.id]).toEqual([503, 201, id]);
    expect(late.json.id === id).toBe(how === RUN);
    expect(made(rig, 'lost')).toHaveLength(how !== RUN && path === '/disks' ? 2 : 1);
  },
);

test('a disk of the id that its caller chose is found by that id', async () => {
  await using rig = await Rig.start();
  const id = '7b1f0f5e-9a43-4c5d-8a0e-0c9c6d1f2a3b';
  rig.fake.faults.next('createVolume', { kind: 'cut' });

  const lost = await rig.post('/disks', { ...diskNamed(rig, 'mine'), id });
  const other = await rig.post('/disks', diskNamed(rig, 'another'));
  const again = await rig.post('/disks', { ...diskNamed(rig, 'mine'), id });

  expect([lost.status, other.status, again.status, again.json.id]).toEqual([503, 201, 201, id]);
});

test('what nobody was told of and nobody asks for again is removed, with an event', async () => {
  await using rig = await Rig.start();
  rig.fake.faults.next('deployVirtualMachine', { kind: 'cut' });
  rig.fake.faults.next('createVolume', { kind: 'cut' });
  await rig.post('/vms', vmNamed(rig, 'lost-vm'));
  await rig.post('/disks', diskNamed(rig, 'lost-disk'));
  expect([...made(rig, 'lost-vm'), ...made(rig, 'lost-disk')]).toHaveLength(2);

  await round(rig);
  await until(() => made(rig, 'lost-vm').length + made(rig, 'lost-disk').length === 0, { what: 'both to be removed' });

  const events = (await rig.get('/events')).json.event as { description: string }[];
  expect(events.map((event) => event.description)).toEqual(
    expect.arrayContaining([expect.stringMatching(/VM lost-vm was removed/), expect.stringMatching(/Disk lost-disk was removed/)]),
  );
  expect(await rig.rows('ovirt_creations')).toEqual([]);
});

test('what somebody was told of stays, and so does what is in use', async () => {
  await using rig = await Rig.start();
  const told = await rig.post('/disks', diskNamed(rig, 'told'));
  rig.fake.faults.next('createVolume', { kind: 'cut' });
  await rig.post('/disks', diskNamed(rig, 'in-use'));
  const [id] = made(rig, 'in-use');
  const vm = await rig.post('/vms', vmNamed(rig, 'user'));
  expect((await rig.post(`/vms/${vm.json.id}/diskattachments`, { disk: { id }, bootable: true, interface: 'virtio' })).status).toBe(201);

  await round(rig);
  await until(async () => (await rig.rows('ovirt_creations')).every((row) => row.told_ms !== null));

  expect([...made(rig, 'told'), ...made(rig, 'in-use')]).toEqual([told.json.id, id]);
});

test('a disk is locked while CloudStack is away, and is not when it is back', async () => {
  await using rig = await Rig.start();
  rig.fake.faults.next('queryAsyncJobResult', { kind: 'reset' }, Number.POSITIVE_INFINITY);
  const posted = await rig.post('/disks', diskNamed(rig, 'slow'));
  const [id] = made(rig, 'slow');
  const during = await rig.get(`/disks/${id}`);
  await round(rig, 16_000);

  rig.fake.faults.clear();
  await until(async () => {
    rig.clock.advance(2000);
    return (await rig.get(`/disks/${id}`)).json.status === 'ok';
  });

  expect([posted.status, during.json.status]).toEqual([202, 'locked']);
  expect(await rig.rows('ovirt_disks')).toMatchObject([{ id, creating: null }]);
});

test('a disk whose job has ended does not stay locked because CloudStack was away just then', async () => {
  await using rig = await Rig.start();
  const { json } = await rig.post('/disks', diskNamed(rig, 'half'));
  await rig.store.tables<{ ovirt_disks: { creating: string } }>().updateTable('ovirt_disks').set({ creating: 'of an ended job' }).execute();
  expect((await rig.get(`/disks/${json.id}`)).json.status).toBe('locked');

  await round(rig, 16_000);

  await rig.settled(`/disks/${json.id}`, 'ok', 'status');
});

test('a lease of a gateway whose process has ended counts no more', async () => {
  await using rig = await Rig.start();
  const vm = await rig.fake.addVm({ name: 'web-01', disks: [{ name: 'root' }] });
  const { pid } = spawnSync(process.execPath, ['--version']);
  const [machine, , start] = processName().split('.');
  const lock = { resource: `vm:${vm.id}`, ref: 'r', purpose: 'p', taken_ms: rig.clock.now(), lease_ms: rig.clock.now() + 30_000 };
  const locks = rig.store.tables<{ ovirt_locks: typeof lock & { holder: string } }>();
  await locks
    .insertInto('ovirt_locks')
    .values({ ...lock, holder: 'a gateway elsewhere' })
    .execute();
  const refused = await rig.post(`/vms/${vm.id}/backups`);

  await locks
    .updateTable('ovirt_locks')
    .set({ holder: `${machine}.${pid}.${start}.x` })
    .execute();
  const taken = await rig.post(`/vms/${vm.id}/backups`);

  expect([refused.status, taken.status]).toEqual([409, 201]);
});

test('a clock of CloudStack that is ahead is told as what it may be', async () => {
  await using rig = await Rig.start();
  rig.fake.clock.advance(30 * 60_000);

  const refused = await rig.post('/vms', vmNamed(rig, 'late'));

  expect(refused.text).toMatch(/clock is more than ten minutes/);
});
