import type { Clock } from '@fairlead/kernel/clock';
import { GatewayError } from '@fairlead/kernel/errors';
import type { ImageTransfer, OvirtClient } from '@fairlead/ovirt';

/** What taking something back needs. It goes on when the caller has given up, so it has no signal. */
interface Care {
  readonly client: OvirtClient;
  readonly clock: Clock;
  readonly onStep: (text: string) => void;
}

/** What a restore has made so far. */
export interface Made {
  readonly vmId: string;
  /** Of disks that exist, or whose making was begun. */
  readonly diskIds: string[];
}

/** A gateway that is being restarted, or whose CloudStack is, is waited for this long. */
const PATIENCE_MS = 30_000;
const POLL_MS = 250;

/** Cancels a transfer and waits for its end, for until then the disk is locked. Never throws: what remains is told. */
export async function cancelTransfer(care: Care, id: string): Promise<void> {
  const { client } = care;
  const ended = async () => {
    await client.cancelImageTransfer(id, {}).catch(ignoreRefusal);
    return hasEnded(await client.getImageTransfer(id, {}).catch(ignoreRefusal));
  };
  await seeThrough(care, ended, `The transfer ${id} is still open; the gateway ends it when it has been idle for long`);
}

/** The VM must not stay in a backup; one that is still starting can only be ended once it has begun. Never throws: what remains is told. */
export async function endBackup(care: Care, { vmId, backupId }: { vmId: string; backupId: string }): Promise<void> {
  const { client } = care;
  const ended = async () => {
    const phase = (await client.getBackup(vmId, backupId, {}).catch(ignoreRefusal))?.phase;
    if (phase === 'ready') await client.finalizeBackup(vmId, backupId, {}).catch(ignoreRefusal);
    return phase === undefined || phase === 'succeeded' || phase === 'failed';
  };
  await seeThrough(care, ended, `The backup ${backupId} is still open and locks the VM; the gateway ends it when its lease is over`);
}

/** Removes what a failed restore made: an attached disk goes with its VM. Never throws: what remains is told. */
export async function removeMade(care: Care, made: Made): Promise<void> {
  const { client } = care;
  care.onStep('Take back what was made so far');
  const removed = (call: () => Promise<void>) => async () => {
    await call().catch(ignoreAbsence);
    return true;
  };
  await seeThrough(
    care,
    removed(() => client.deleteVm(made.vmId, {})),
    `The VM ${made.vmId} is still there, remove it yourself`,
  );
  for (const id of made.diskIds) {
    await seeThrough(
      care,
      removed(() => client.deleteDisk(id, {})),
      `The disk ${id} is still there, remove it yourself`,
    );
  }
}

/** Repeats a step until it is done; an outage, or a lock of what is just ending, is waited out. */
async function seeThrough({ clock, onStep }: Care, step: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = clock.now() + PATIENCE_MS;
  for (;;) {
    try {
      if (await step()) return;
      if (clock.now() > deadline) return onStep(`${otherwise}.`);
    } catch (error) {
      if (!isPassing(error) || clock.now() > deadline) return onStep(`${otherwise}: ${error instanceof Error ? error.message : error}`);
    }
    await clock.sleep(POLL_MS);
  }
}

/** An outage, or something that is not over yet. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const { status } = error.detail;
  if (typeof status === 'number') return status >= 500 || status === 409;
  return error.blame === 'upstream';
}

/** What has ended already, or is not known any more, needs no ending. */
function ignoreRefusal(error: unknown): undefined {
  if (error instanceof GatewayError && (error.status === 404 || error.status === 409)) return undefined;
  throw error;
}

function ignoreAbsence(error: unknown): void {
  if (!(error instanceof GatewayError && error.status === 404)) throw error;
}

function hasEnded(transfer: ImageTransfer | undefined): boolean {
  return transfer === undefined || transfer.phase === 'finished_success' || transfer.phase === 'finished_failure';
}
