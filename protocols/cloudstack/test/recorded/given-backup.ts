import type { Given, GivenTable } from './given.ts';
import type { Outgoing } from './send.ts';
import { openSession } from './session.ts';
import { VM, type Walk, walk } from './walk.ts';
import type { World } from './world.ts';

/** With an upload that cannot be finalized: the host refused once. */
async function stuck(on: Walk): Promise<string> {
  const id = await on.upload('restore-two', 'cow');
  await on.failToFinish(id);
  return id;
}

async function waitingStop(on: Walk): Promise<void> {
  await on.first();
  const { jobid } = await on.call('stopVirtualMachine', { id: on.vm() });
  on.id(String(jobid));
}

function noFramework(world: World): void {
  world.fake.cloud.features.backupFramework = false;
}

function providerNas(world: World): void {
  world.fake.cloud.zone.details = { 'backup.framework.provider.plugin': 'nas' };
}

function throughSession(prepare: (world: World) => void): Given {
  return {
    world: prepare,
    request: async (out, world) => (await openSession(world, 'admin')).apply(out, 'jsessionid cookie param'),
  };
}

function checkpoint(choose: (world: World) => string): (out: Outgoing, world: World) => void {
  return (out, world) => {
    out.params = out.params.map((pair) => (pair[0] === 'checkpointid' ? ['checkpointid', choose(world)] : pair));
  };
}

function checkpointsOf({ fake }: World): readonly { readonly id: string }[] {
  return fake.cloud.backups.checkpointsOf(fake.vm(VM));
}

const TWO_CHECKPOINTS = walk(async (on) => [await on.whole(), await on.whole()]);
const READY = walk(async (on) => on.id(await on.first()));
const DOWNLOAD = walk(async (on) => on.id(await on.download(await on.first())));
const UPLOAD = walk(async (on) => on.id(await on.upload()), ['restore-two']);
const STUCK = walk(async (on) => on.id(await stuck(on)), ['restore-two']);
const QUEUED = walk(async (on) => on.id(await on.queued()));
const QUEUED_AND_READY = walk(async (on) => [await on.queued(), on.id(await on.first())]);
const INCREMENTAL = walk(async (on) => [await on.whole(), on.stop(), on.id(await on.start('third'))]);

/** A finalize that failed because of a transfer. */
const HALF = walk(async (on) => {
  await on.whole();
  const id = await on.start();
  await on.download(id);
  on.refuse('finalizeImageTransfer');
  await on.finalize(id);
  on.id(id);
});

/** Groups 20 to 25, 28 and 90: what was there before a call was recorded. */
export const GIVEN_BACKUP: GivenTable = [
  [/^20-createImageTransfer-upload-agent-unsupported$/, walk((on) => on.refuse('startNbdServer', true), ['data-three'])],
  [/^20-createImageTransfer-upload-format-nonsense$/, walk((on) => on.refuse('startNbdServer', true))],
  [/^20-createImageTransfer/, { with: [VM] }],
  [/^20-listBackups-(after-failed-startBackup|stale-queued)$/, QUEUED],
  [/^20-startBackup-agent-unsupported$/, walk((on) => on.refuse('startBackup', true))],
  [/^22-createImageTransfer-again$/, walk(async (on) => on.id(await backupWithTransfer(on, 'first')))],
  [/^22-createImageTransfer-download-stopped$/, INCREMENTAL],
  [/^22-createImageTransfer-volume-of-other-vm$/, walk(async (on) => on.id(await on.first()), ['vm-one'])],
  [/^22-createImageTransfer/, READY],
  [/^22-deleteBackup-queued$/, QUEUED],
  [
    /^22-deleteVirtualMachineCheckpoint-not-active$/,
    { ...TWO_CHECKPOINTS, request: checkpoint((world) => checkpointsOf(world)[1]?.id ?? '') },
  ],
  [/^22-deleteVirtualMachineCheckpoint$/, { ...TWO_CHECKPOINTS, request: checkpoint((world) => checkpointsOf(world)[0]?.id ?? '') }],
  [/^22-finalizeBackup-again$/, finalized()],
  [/^22-finalizeBackup-queued$/, QUEUED],
  [/^22-finalizeBackup-second-first$/, walk(async (on) => [await on.first(), on.id(await on.start('second'))])],
  [/^22-finalizeBackup-stopped$/, INCREMENTAL],
  [/^22-finalizeBackup-wrong-vm$/, walk(async (on) => on.id(await on.first()), ['vm-one'])],
  [/^22-finalizeBackup$/, walk(async (on) => on.id(await backupWithTransfer(on, 'first')))],
  [/^22-finalizeImageTransfer-again$/, finishedDownload()],
  [/^22-finalizeImageTransfer$/, DOWNLOAD],
  [
    /^22-(listAsyncJobs-during-backup|listVirtualMachines-during-backup-and-stop|stopVirtualMachine-during-backup-job-.*)$/,
    walk(waitingStop),
  ],
  [/^22-listBackups-after-finalize-of-queued$/, walk(async (on) => on.finalize(await on.queued()))],
  [/^22-listBackups-(all|by-vm)$/, QUEUED_AND_READY],
  [/^22-listBackups-by-id/, READY],
  [/^22-listBackups-finalized-by-id$/, finalized()],
  [/^22-listBackups-finalized-by-vm$/, walk(async (on) => [await on.queued(), await on.finalize(await on.first())])],
  [/^22-listBackups-incremental$/, INCREMENTAL],
  [/^22-listBackups-two-open$/, walk(async (on) => [await on.queued(), await on.first(), await on.start('second')])],
  [/^22-listImageTransfers-after-finalizeBackup$/, walk(async (on) => on.finalize(await backupWithTransfer(on)))],
  [/^22-listImageTransfers-(all|by-backup|xml)$/, walk(async (on) => on.id(await backupWithTransfers(on)), ['vm-one'])],
  [/^22-listImageTransfers-by-id$/, DOWNLOAD],
  [
    /^22-listImageTransfers-finalized-by-backup$/,
    walk(async (on, world) => [on.id(await backupWithTransfers(on)), await on.finish(transferOf(world))], ['vm-one']),
  ],
  [/^22-listImageTransfers-finalized-by-id$/, finishedDownload()],
  [/^22-listVirtualMachineCheckpoints-(after-delete-not-active|two)$/, TWO_CHECKPOINTS],
  [/^22-listVirtualMachineCheckpoints-after-second$/, walk((on) => on.whole())],
  [
    /^22-listVirtualMachineCheckpoints-after-delete$/,
    walk(async (on, world) => {
      for (let again = 0; again < 2; again++) await on.whole();
      const checkpointid = checkpointsOf(world)[0]?.id ?? '';
      await on.call('deleteVirtualMachineCheckpoint', { virtualmachineid: on.vm(), checkpointid });
    }),
  ],
  [/^22-listVirtualMachineCheckpoints-during-backup$/, READY],
  [/^22-listVirtualMachineCheckpoints$/, TWO_CHECKPOINTS],
  [/^22-listVirtualMachines-during-backup$/, READY],
  [/^22-startBackup-second-while-first-ready$/, READY],
  [/^22-startBackup-stopped-incremental$/, walk(async (on) => [await on.whole(), on.stop()])],
  [/^22-stopVirtualMachine-during-backup$/, READY],
  [/^23-createImageTransfer-agent-says-no$/, walk(async (on) => [on.id(await on.start()), on.refuse('createImageTransfer')])],
  [/^23-createImageTransfer-nbd-says-no$/, walk(async (on) => [on.stop(), on.id(await on.start()), on.refuse('startNbdServer')])],
  [/^23-createImageTransfer-zone-provider-nas$/, walk((_on, world) => providerNas(world), ['data-three'])],
  [
    /^23-deleteVirtualMachineCheckpoint-agent-says-no$/,
    {
      ...walk(async (on) => [await on.whole(), on.refuse('deleteCheckpoint')]),
      request: checkpoint((world) => checkpointsOf(world)[0]?.id ?? ''),
    },
  ],
  [/^23-finalizeBackup-agent-says-no-retry$/, lostFinalize()],
  [/^23-finalizeBackup-agent-says-no$/, walk(async (on) => [on.id(await on.start()), on.refuse('stopBackup')])],
  [/^23-finalizeBackup-retry$/, HALF],
  [
    /^23-finalizeBackup-transfer-cannot-be-finalized$/,
    walk(async (on) => [on.id(await backupWithTransfer(on)), on.refuse('finalizeImageTransfer')]),
  ],
  [
    /^23-finalizeImageTransfer-agent-says-no$/,
    walk(async (on) => [on.id(await on.download(await on.start())), on.refuse('finalizeImageTransfer')]),
  ],
  [/^23-listBackups-after-agent-says-no-by-id$/, walk(async (on) => [on.refuse('startBackup'), on.id(await on.start())])],
  [/^23-listBackups-after-agent-says-no$/, walk(async (on) => [await on.queued(), on.refuse('startBackup'), await on.start()])],
  [/^23-listBackups-after-failed-finalize$/, HALF],
  [/^23-listBackups-after-finalize-agent-says-no$/, lostFinalize()],
  [
    /^23-listImageTransfers-after-failed-finalize$/,
    walk(async (on, world) => {
      await on.failToFinish(await on.download(await on.start()));
      on.id(transferOf(world));
    }),
  ],
  [/^23-startBackup-agent-says-no$/, walk((on) => on.refuse('startBackup'))],
  [/^23-startBackup-ok$/, walk((on) => on.whole())],
  [/^23-startBackup-zone-provider-nas$/, walk((_on, world) => providerNas(world))],
  [/^24-attachVolume-during-upload$/, UPLOAD],
  [
    /^24-attachVolume-stuck-transfer$/,
    walk(async (on, world) => [await stuck(on), world.fake.addVmSnapshot(VM, 'snapshot')], ['restore-two']),
  ],
  [/^24-(createImageTransfer-after-failed-upload|finalizeImageTransfer-upload-retry)$/, STUCK],
  [/^24-createImageTransfer-upload-attached-running$/, { with: [VM] }],
  [
    /^24-createImageTransfer-upload-volume-allocated$/,
    walk((_on, world) => world.aliases.set('volume/restore-one', world.idOf('volume/DATA-13')), ['DATA-13']),
  ],
  [/^24-(deleteVolume|listVolumes)-during-upload/, UPLOAD],
  [/^24-(deleteVolume-stuck-transfer|listVolumes-after-failed-upload(-retry)?)$/, STUCK],
  [
    /^24-finalizeImageTransfer-upload-agent-says-no$/,
    walk(async (on) => [on.id(await on.upload('restore-two', 'cow')), on.refuse('finalizeImageTransfer')], ['restore-two']),
  ],
  [/^24-(finalizeImageTransfer|listImageTransfers)-upload$/, UPLOAD],
  [/^24-listImageTransfers-after-failed-upload-retry$/, STUCK],
  [
    /^24-listImageTransfers-stuck-volume-deleted$/,
    walk(async (on, world) => [await stuck(on), await on.call('deleteVolume', { id: world.idOf('volume/restore-two') })], ['restore-two']),
  ],
  [/^24-listVolumes-after-upload$/, walk(async (on) => on.finish(await on.upload()), ['restore-two'])],
  [
    /^24-listVolumes-attached-upload$/,
    walk(async (on, { fake }) => {
      // The statistics collector had seen it before.
      fake.cloud.volumeStats = true;
      await on.call('listVolumes', { listall: 'true' });
      await on.upload('ROOT-8');
    }),
  ],
  [
    /^25-(createImageTransfer|finalizeBackup)-framework-off$/,
    walk(async (on, world) => [noFramework(world), await on.whole(), on.id(await on.start())]),
  ],
  [/^25-startBackup-framework-off$/, walk(async (on, world) => [noFramework(world), await on.whole()])],
  [/^25-listBackups-framework-off-session$/, throughSession(noFramework)],
  [/^25-listBackups-framework-off-signed$/, { world: noFramework }],
  [/^28-getApiLimit-throttled$/, throttled(0)],
  [/^28-getApiLimit$/, throttled(20)],
  [/^90-startBackup-not-exposed-session$/, throughSession(notExposed)],
  [/^90-startBackup-not-exposed-signed$/, { world: notExposed }],
];

function notExposed({ fake }: World): void {
  fake.cloud.features.exportApis = false;
}

function throttled(max: number): Given {
  return { at: '2026-11-21T21:16:35Z', world: ({ fake }) => fake.throttle.set({ max, intervalMs: 3000 }) };
}

function finishedDownload(): Given {
  return walk(async (on, world) => {
    await on.finish(await on.download(await on.first()));
    on.id(world.fake.cloud.backups.transfers[0]?.id ?? '');
  });
}

function lostFinalize(): Given {
  return walk(async (on) => {
    const id = await on.start();
    on.refuse('stopBackup');
    await on.finalize(id);
    on.id(id);
  });
}

function finalized(): Given {
  return walk(async (on) => {
    const id = await on.first();
    await on.finalize(id);
    on.id(id);
  });
}

async function backupWithTransfer(on: Walk, name?: 'first'): Promise<string> {
  const id = name === 'first' ? await on.first() : await on.start();
  await on.download(id);
  return id;
}

async function backupWithTransfers(on: Walk): Promise<string> {
  const id = await backupWithTransfer(on);
  await on.download(id, 'DATA-4');
  return id;
}

function transferOf({ fake }: World): string {
  return fake.cloud.backups.transfers[0]?.id ?? '';
}
