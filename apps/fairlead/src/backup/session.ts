import { ImageioClient } from '@fairlead/imageio';
import type { Clock } from '@fairlead/kernel/clock';
import type { ImageTransfer, OvirtClient } from '@fairlead/ovirt';
import { BackupError } from './errors.ts';
import { cancelTransfer } from './take-back.ts';

/** What every action of the backup client works with. */
export interface BackupSession {
  readonly client: OvirtClient;
  readonly ca: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Parallel connections for each disk, 1 to 8. */
  readonly streams: number;
  /** Says which step begins. */
  readonly onStep: (text: string) => void;
  /** Makes the progress of one disk visible. */
  readonly onDisk: (label: string, bytes: number) => DiskProgress;
}

export interface DiskProgress {
  add(bytes: number): void;
  end(): void;
}

const POLL_MS = 250;

/** Asks until `read` gives something; `BACKUP_DEADLINE` after `seconds`. */
export async function poll<T>(session: BackupSession, what: string, seconds: number, read: () => Promise<T | undefined>): Promise<T> {
  const deadline = session.clock.now() + seconds * 1000;
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (session.clock.now() > deadline) throw BackupError('BACKUP_DEADLINE', { what, seconds });
    await session.clock.sleep(POLL_MS, session.signal);
  }
}

/**
 * Opens an image transfer, lends its data connection to `work`, and finalizes it; whatever fails, the transfer is cancelled.
 * Resolves only when the gateway says `finished_success`.
 */
export async function withTransfer<T>(
  session: BackupSession,
  request: ImageTransfer,
  work: (image: ImageioClient) => Promise<T>,
): Promise<T> {
  const { client, signal } = session;
  signal.throwIfAborted();
  // Not given up in between: a transfer whose id nobody was told would lock its disk.
  const created = await client.createImageTransfer(request, {});
  const id = needed(created.id);
  const disk = request.disk?.id ?? '';
  try {
    const open = await poll(session, `Opening the transfer of disk ${disk}`, 120, async () =>
      readyTransfer(await client.getImageTransfer(id, { signal }), disk),
    );
    const { transfer_url: url = '', proxy_url: proxyUrl } = open;
    await using image = await ImageioClient.open(url, {
      connections: session.streams,
      signal,
      ...(session.ca && { ca: session.ca }),
      ...(proxyUrl && { proxyUrl }),
    });
    const result = await work(image);
    await client.finalizeImageTransfer(id, { signal });
    await poll(session, `Closing the transfer of disk ${disk}`, 600, async () =>
      finishedTransfer(await client.getImageTransfer(id, { signal }), disk),
    );
    return result;
  } catch (error) {
    await cancelTransfer(session, id);
    throw error;
  }
}

function readyTransfer(transfer: ImageTransfer, disk: string): ImageTransfer | undefined {
  if (transfer.phase === 'transferring') return transfer;
  if (transfer.phase === 'initializing') return undefined;
  throw BackupError('BACKUP_TRANSFER_FAILED', { disk, phase: transfer.phase });
}

function finishedTransfer(transfer: ImageTransfer, disk: string): true | undefined {
  if (transfer.phase === 'finished_success') return true;
  if (transfer.phase === 'finalizing_success' || transfer.phase === 'transferring') return undefined;
  throw BackupError('BACKUP_TRANSFER_FAILED', { disk, phase: transfer.phase });
}

/** An id that the API must have given. */
export function needed(id: string | undefined): string {
  if (!id) throw BackupError('BACKUP_FAILED', { vm: '', reason: 'the API answered an object without id' });
  return id;
}
