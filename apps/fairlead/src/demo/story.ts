import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@fairlead/kernel/clock';
import { OvirtClient } from '@fairlead/ovirt';
import { type BackupResult, backupVm } from '../backup/backup-vm.ts';
import { runProgram } from '../backup/programs.ts';
import { Progress } from '../backup/progress.ts';
import { type RestoreResult, restoreVm } from '../backup/restore-vm.ts';
import type { BackupSession } from '../backup/session.ts';
import { verifyFolder, verifyVm } from '../backup/verify.ts';
import { formatBytes, type Output } from '../output.ts';
import { tellCce } from './cce-story.ts';
import { tellCyberapp } from './cyberapp-story.ts';
import type { AcronisWorld } from './cyberapp-world.ts';
import { tellOvh } from './ovh-story.ts';
import type { Provider } from './provider.ts';
import { type Step, type StoryRow, stepsInto } from './steps.ts';

const NEW_NAME = 'web-01-restored';

export interface StoryOptions {
  readonly acronis: AcronisWorld;
  readonly workFolder: string;
  readonly output: Output;
  /** Ends the story at the step that runs. */
  readonly signal: AbortSignal;
}

/** The main job step by step; ends at the first step that does not hold. */
export async function runStory(provider: Provider, { acronis, workFolder, output, signal }: StoryOptions): Promise<StoryRow[]> {
  const rows: StoryRow[] = [];
  const step = stepsInto(rows, signal);
  await tellStory(provider, { acronis, workFolder, output, signal, step }).catch((error: unknown) =>
    output.tell(error instanceof Error ? (error.stack ?? '') : String(error)),
  );
  return rows;
}

interface Telling extends StoryOptions {
  readonly step: Step;
}

async function tellStory(provider: Provider, { acronis, workFolder, output, signal, step }: Telling): Promise<void> {
  const ca = await readFile(provider.caFile, 'utf8');
  const folder = join(workFolder, 'backup');
  await copyFile(provider.vmDiskPath, join(workFolder, 'original.qcow2'));
  using client = new OvirtClient({ url: provider.baseUrl, username: provider.user, password: provider.password, ca });
  await step(
    'login',
    () => client.api(),
    (api) => ({ result: `${provider.user} at ${api.product_info?.name} ${api.product_info?.version?.full_version}` }),
  );
  const session = sessionOf(client, { ca, output, signal });
  await step(
    'discovery',
    () => discover(client),
    (found) => ({ result: found }),
  );
  const backup = await step(
    'full backup',
    () => backupVm(session, provider.vmName, folder),
    (made) => ({ result: describeBackup(made), bytes: made.dataBytes }),
  );
  await step(
    'verify backup',
    () => verifyFolder(session, folder),
    (disks) => ({ result: verdict(disks), bytes: backup.dataBytes }),
  );
  await step(
    'lose the VM',
    () => loseVm(client, backup),
    (text) => ({ result: text }),
  );
  const restored = await step(
    'restore',
    () => restoreVm(session, { folder, name: NEW_NAME }),
    (made) => ({ result: `${NEW_NAME}, ${made.diskIds.length} disk, ${formatBytes(made.dataBytes)} of data`, bytes: made.dataBytes }),
  );
  await step(
    'verify VM',
    () => verifySame(session, backup),
    (text) => ({ result: text, bytes: backup.dataBytes }),
  );
  await judge(provider, { backup, restored, folder, workFolder, step });
  await step(
    'logout',
    () => client.logout(),
    () => ({ result: 'the token is revoked' }),
  );
  await tellCce({ cce: provider.cce, ca, signal, step });
  await tellOvh({ ovh: provider.ovh, gateway: provider.addresses.main ?? '', ca, output, signal, step });
  const machine = await machineOf(provider, { restored, ca, workFolder, output, signal });
  const { cyberapp, addresses } = provider;
  await tellCyberapp({ acronis, cyberapp, machine, url: addresses.cyberapp ?? '', ca, signal, step });
}

type Machine = Parameters<typeof tellCyberapp>[0]['machine'];

/** The restored machine, to be backed up once more. */
async function machineOf(
  provider: Provider,
  { restored, ca, workFolder, output, signal }: { restored: RestoreResult; ca: string } & Pick<Telling, 'workFolder' | 'output' | 'signal'>,
): Promise<Machine> {
  const backUp = async (name: string) => {
    using client = new OvirtClient({ url: provider.baseUrl, username: provider.user, password: provider.password, ca });
    await backupVm(sessionOf(client, { ca, output, signal }), NEW_NAME, join(workFolder, name));
    await client.logout();
  };
  return { disk: await provider.volumePath(restored.diskIds[0] ?? ''), backUp };
}

interface Judging {
  readonly backup: BackupResult;
  readonly restored: RestoreResult;
  readonly folder: string;
  readonly workFolder: string;
  readonly step: Telling['step'];
}

/** Programs that know nothing of us say whether the restored disk is the same. */
async function judge(provider: Provider, { backup, restored, folder, workFolder, step }: Judging): Promise<void> {
  const file = join(folder, backup.manifest.disks[0]?.file ?? '');
  const disk = await provider.volumePath(restored.diskIds[0] ?? '');
  const original = join(workFolder, 'original.qcow2');
  await step(
    'qemu-img compare',
    async () => [await runProgram('qemu-img', ['compare', original, disk]), await runProgram('qemu-img', ['compare', file, disk])],
    (said) => ({ result: `original and restored: ${said[0]?.trim()}` }),
  );
  await step(
    'e2fsck -fn',
    async () => {
      const raw = join(workFolder, 'restored.raw');
      await runProgram('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', disk, raw]);
      return runProgram('e2fsck', ['-fn', raw]);
    },
    (said) => ({ result: said.trim().split('\n').at(-1) ?? '' }),
  );
}

function sessionOf(client: OvirtClient, { ca, output, signal }: { ca: string } & Pick<Telling, 'output' | 'signal'>): BackupSession {
  return {
    client,
    ca,
    clock: systemClock,
    signal,
    streams: 4,
    onStep: (text) => output.tell(text),
    onDisk: (label, bytes) => new Progress(label, bytes, systemClock, output.progress),
  };
}

async function discover(client: OvirtClient): Promise<string> {
  const [vms, domains, clusters] = await Promise.all([client.listVms(), client.listStorageDomains(), client.listClusters()]);
  return `${vms.length} VM, ${clusters.length} cluster(s), ${domains.length} storage domain(s)`;
}

/** Removes the VM with its disk, as a disaster would. */
async function loseVm(client: OvirtClient, backup: BackupResult): Promise<string> {
  await client.deleteVm(backup.manifest.vm.id);
  const left = (await client.listVms()).length;
  if (left !== 0) throw new Error(`${left} VMs are still there`);
  return 'removed through the API with its disk';
}

async function verifySame(session: BackupSession, backup: BackupResult): Promise<string> {
  const [disk] = await verifyVm(session, NEW_NAME);
  const expected = backup.manifest.disks[0]?.checksum.digest;
  if (disk?.checksum !== expected) throw new Error(`The checksum is ${disk?.checksum}, the backup says ${expected}`);
  return `the same checksum over the API: ${expected?.slice(0, 16)}…`;
}

function verdict(disks: readonly { checksum: string; expected?: string }[]): string {
  const different = disks.filter((disk) => disk.checksum !== disk.expected);
  if (different.length > 0) throw new Error(`${different.length} disk(s) differ from the manifest`);
  return `${disks.length} checksum(s) as in the manifest`;
}

function describeBackup(made: BackupResult): string {
  const size = made.manifest.disks.reduce((sum, disk) => sum + disk.size, 0);
  return `${made.manifest.disks.length} disk of ${formatBytes(size)}, ${formatBytes(made.dataBytes)} carried`;
}
