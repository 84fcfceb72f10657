import { disksCreatedBy, forgetDisk, keepDisk } from '../store/disks.ts';
import type { JobStatus } from '../store/write-tables.ts';
import { Attachments } from './attachments.ts';
import { Background } from './background.ts';
import { BackupWork } from './backup-work.ts';
import { Backups } from './backups.ts';
import { Creations } from './creations.ts';
import { DiskCreate } from './disk-create.ts';
import { DiskView } from './disk-view.ts';
import { Disks } from './disks.ts';
import { Events } from './events.ts';
import { ImagePlacesFinder, ImageServices } from './image-places.ts';
import { JobFollower } from './job-follower.ts';
import { Jobs } from './jobs.ts';
import { Locks } from './locks.ts';
import { Nics } from './nics.ts';
import { Operations } from './operations.ts';
import type { ReadParts } from './parts.ts';
import { Power } from './power.ts';
import { TransferEnd } from './transfer-end.ts';
import { TransferSource } from './transfer-source.ts';
import { TransferWork } from './transfer-work.ts';
import { Transfers } from './transfers.ts';
import { UploadFit } from './upload-fit.ts';
import { VmCreate } from './vm-create.ts';
import { Vms } from './vms.ts';
import { Watchdog } from './watchdog.ts';
import { writeFollowRules } from './write-follow-rules.ts';

/** What writing adds to the parts: jobs, events, backups, transfers, and the services of VMs, disks, attachments and NICs. */
export interface WriteParts {
  readonly attachments: Attachments;
  readonly background: Background;
  readonly backups: Backups;
  readonly disks: Disks;
  readonly diskView: DiskView;
  readonly events: Events;
  readonly jobs: Jobs;
  readonly locks: Locks;
  readonly nics: Nics;
  readonly power: Power;
  readonly transfers: Transfers;
  readonly vmCreate: VmCreate;
  readonly vms: Vms;
  readonly watchdog: Watchdog;
}

/** Makes the services that write, and adds their follow rules (`parts.follow.add`). */
export function makeWriteParts(read: ReadParts): WriteParts {
  const tools = makeTools(read);
  const images = makeImageParts(read, tools);
  const diskView = new DiskView(read);
  read.follow.add(writeFollowRules(read, diskView));
  return { ...tools.open, ...images, ...makeCloudParts(read, tools), diskView };
}

type Tools = ReturnType<typeof makeTools>;

/** What every service of this side stands on. */
function makeTools(read: ReadParts) {
  const { store, href, cloud, inventory, config } = read;
  const { clock, log, secrets, services, audit } = read.context;
  const locks = new Locks(store, clock);
  const background = new Background(log);
  const events = new Events(store, clock, log);
  const operations = new Operations({ store, clock, log, locks, background, audit });
  const places = new ImagePlacesFinder(cloud);
  const imageServices = new ImageServices(services, config.ovirt.backend === 'none');
  const jobs = new Jobs({ store, clock, href });
  const creations = new Creations({ store, clock, log, audit, cloud, events, inventory });
  const base = {
    store,
    clock,
    log,
    audit,
    secrets,
    locks,
    events,
    creations,
    images: imageServices,
    cloud,
    inventory,
    operations,
    places,
    background,
  };
  return { base, open: { locks, background, events, jobs } };
}

function makeImageParts(read: ReadParts, { base, open }: Tools): Pick<WriteParts, 'backups' | 'transfers' | 'watchdog'> {
  const fit = new UploadFit(base);
  const transferParts = {
    ...base,
    refreshDisk: (diskId: string) => read.inventory.refreshVolume(diskId),
    fitUpload: fit.fit.bind(fit),
  };
  const transferEnd = new TransferEnd(transferParts);
  const transferWork = new TransferWork(transferParts, transferEnd);
  const backupParts = { ...base, endTransfers: transferEnd.endOfBackup.bind(transferEnd) };
  const backupWork = new BackupWork(backupParts);
  const backups = new Backups({ ...backupParts, work: backupWork });
  const source = new TransferSource({ ...base, backups });
  const transfers = new Transfers({ ...transferParts, source, work: transferWork, end: transferEnd });
  const onEnd = (jobId: string, status: JobStatus) => endOfCreation(read, jobId, status === 'finished');
  const follower = new JobFollower({ ...base, onEnd });
  const watchdog = new Watchdog({ ...base, jobs: open.jobs, backups, backupWork, transfers, transferWork, transferEnd, follower });
  return { backups, transfers, watchdog };
}

function makeCloudParts(
  read: ReadParts,
  { base }: Tools,
): Pick<WriteParts, 'attachments' | 'disks' | 'nics' | 'power' | 'vmCreate' | 'vms'> {
  const create = new DiskCreate(base);
  const disks = new Disks({ ...base, create });
  return {
    disks,
    attachments: new Attachments({ ...base, disks, create }),
    nics: new Nics(base),
    power: new Power({ ...base, disks }),
    vmCreate: new VmCreate(base),
    vms: new Vms({ ...base, store: read.store }),
  };
}

/** A disk whose creation was followed after a restart is a disk now, or never was one. CloudStack's absence puts it off. */
async function endOfCreation({ store, inventory, context }: ReadParts, jobId: string, isMade: boolean): Promise<void> {
  for (const disk of await disksCreatedBy(store, jobId)) {
    const volume = await inventory.refreshVolume(disk.id);
    if (isMade || volume !== undefined) await keepDisk(store, disk.id, { creating: null }, context.clock.now());
    else await forgetDisk(store, disk.id);
  }
}
