import { ImageioClient } from '@fairlead/imageio';
import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import type { ImageTransfer, OvirtClient } from '@fairlead/ovirt';
import { BackupError } from './errors.ts';

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
/** How long a transfer that was cancelled may take to end. */
const CANCEL_SECONDS = 60;

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
    await cancelTransfer(session, id).catch((failed: unknown) =>
      session.onStep(`The transfer ${id} could not be cancelled (${reasonOf(failed)}); the gateway ends it when it has been idle for long`),
    );
    throw error;
  }
}

/** Cancels and waits for the end, for until then the disk is locked. */
async function cancelTransfer(session: BackupSession, id: string): Promise<void> {
  const { client } = session;
  const patient = { ...session, signal: new AbortController().signal };
  await client.cancelImageTransfer(id, {}).catch(ignoreRefusal);
  await poll(patient, `Cancelling transfer ${id}`, CANCEL_SECONDS, async () =>
    hasEnded(await client.getImageTransfer(id, {}).catch(ignoreRefusal)) ? true : undefined,
  );
}

/** One that has ended already, or is not known any more, needs no cancelling. */
function ignoreRefusal(error: unknown): undefined {
  if (error instanceof GatewayError && (error.status === 404 || error.status === 409)) return undefined;
  throw error;
}

function hasEnded(transfer: ImageTransfer | undefined): boolean {
  return transfer === undefined || transfer.phase === 'finished_success' || transfer.phase === 'finished_failure';
}

/** One line about a failure, for people. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
