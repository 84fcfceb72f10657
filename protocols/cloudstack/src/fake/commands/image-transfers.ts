import { ApiError, invalid, runtime, serverApi } from '../api-error.ts';
import type { Backup, ImageTransfer, TransferDirection } from '../backup-rows.ts';
import type { CommandTable, Context } from '../command.ts';
import { finishTransfer } from '../image-transfers.ts';
import type { Volume } from '../model.ts';
import { pageOf } from '../paging.ts';
import { requireProvider } from '../providers.ts';
import { transferView } from '../views/backup.ts';

/** Image transfers of the export API; what they point at is not served here. */
export const imageTransferCommands: CommandTable = {
  createImageTransfer: (context) => createImageTransfer(context),
  finalizeImageTransfer: (context) => finalizeImageTransfer(context),
  // The key of the items is the text `null` (fact 1 of the recordings).
  listImageTransfers: (context) => pageOf(context.params, 'null', open(context), transferView),
};

/** Whose volume it is and what format nobody checks (fact 34 of the recordings). */
async function createImageTransfer(context: Context): Promise<object> {
  const { cloud, params } = context;
  const volume = params.row('volumeid', cloud.volumes);
  const direction = directionOf(params.text('direction') ?? '');
  if (volume.state === 'Expunged') throw invalid(`Unable to find volume with ID: ${volume.n}`);
  requireProvider(cloud);
  const backup = direction === 'download' ? backupOf(context) : undefined;
  if (cloud.backups.openTransferOf(volume) !== undefined) throw runtime(`Image transfer already exists for volume: ${volume.id}`);
  if (volume.path === undefined || volume.pool === undefined) throw runtime(`Storage pool cannot be determined for volume: ${volume.id}`);
  const format = params.text('format') ?? 'raw';
  prepareHost(context, direction === 'upload' ? format !== 'cow' : backup?.live === false);
  const row = cloud.row();
  const file = cloud.disks.pathOf(volume.path);
  const url = await urlOf(context, { id: row.id, direction, format, volumeId: volume.id, file });
  const transfer: ImageTransfer = { ...row, volume, backup, direction, url, created: cloud.clock.now(), finished: false };
  if (direction === 'upload') volume.state = 'Restoring';
  cloud.backups.transfers.push(transfer);
  return { imagetransfer: transferView(transfer) };
}

function directionOf(text: string): TransferDirection {
  if (text !== 'upload' && text !== 'download')
    throw serverApi(431, `No enum constant org.apache.cloudstack.backup.ImageTransfer.Direction.${text}`);
  return text;
}

function backupOf({ cloud, params }: Context): Backup {
  const backup = params.optionalRow('backupid', cloud.backups.backups);
  if (backup === undefined || backup.removed) throw runtime(`Backup not found: ${backup?.n ?? null}`);
  if (backup.status !== 'ReadyForImageTransfer') throw runtime(`Backup: ${backup.id} is not ready for image transfer`);
  return backup;
}

/** A disk that no running instance exports needs an NBD server of its own; a file that is written whole does not. */
function prepareHost({ cloud }: Context, needsServer: boolean): void {
  if (needsServer) cloud.agent.ask('startNbdServer', () => 'Failed to start the NBD server');
  cloud.agent.ask('createImageTransfer', (reason) => `Failed to create image transfer: ${reason}`);
}

async function urlOf({ cloud }: Context, wish: { id: string; direction: TransferDirection; format: string } & FileOf): Promise<string> {
  const { transferUrl } = cloud.backups;
  if (typeof transferUrl === 'string') return `${transferUrl.replace(/\/+$/, '')}/${wish.id}`;
  return await transferUrl(wish);
}

interface FileOf {
  readonly volumeId: Volume['id'];
  readonly file: string;
}

function finalizeImageTransfer({ cloud, params }: Context): object {
  const transfer = params.row('id', cloud.backups.transfers);
  if (transfer.finished) throw runtime(`Image transfer not found: ${transfer.n}`);
  finishTransfer(cloud, transfer);
  return { success: true };
}

function open({ cloud, params }: Context): ImageTransfer[] {
  const wanted = params.optionalRow('id', cloud.backups.transfers);
  // By the id of a finished one: 530 without a text.
  if (wanted?.finished) throw new ApiError(530, 9999, '');
  const backup = params.optionalRow('backupid', cloud.backups.backups);
  return cloud.backups.transfers
    .filter((row) => !row.finished)
    .filter((row) => (wanted ?? row) === row && (backup === undefined || row.backup === backup));
}
