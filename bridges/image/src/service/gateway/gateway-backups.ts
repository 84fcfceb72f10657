import type { Clock } from '@fairlead/kernel/clock';
import type { ImageBackup, ImageBackups, ImageCheckpoint, StartImageBackup } from '@fairlead/kernel/services';
import type { Store } from '@fairlead/kernel/store';
import { ImageError } from '../../errors.ts';
import type { BackupMessage } from '../../schema.ts';
import type { BackupRow, ImageTables } from '../../tables.ts';
import type { AgentClient } from './agent-client.ts';
import type { AgentDirectory } from './agent-directory.ts';
import { isNowhere } from './leftovers.ts';

export interface GatewayBackupParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly directory: AgentDirectory;
  readonly client: AgentClient;
}

const REMEMBER_MS = 24 * 3_600_000;

/** The service `image.backups`: one open backup for each virtual machine, wherever its images are. */
export class GatewayBackups implements ImageBackups {
  readonly #parts: GatewayBackupParts;

  constructor(parts: GatewayBackupParts) {
    this.#parts = parts;
  }

  async start(request: StartImageBackup, signal?: AbortSignal): Promise<ImageBackup> {
    const { agent, host } = await this.#parts.directory.find(request.hosts);
    for (const row of await this.#leftovers()) if (row.vm_id === request.vmId) await this.#dropHeld(row, signal);
    await this.#claim(request, agent.id, host.id);
    try {
      const started = await this.#parts.client.startBackup(agent, request.vmId, toMessage(request), signal);
      return await this.#keep(toBackup(started, host.id, request));
    } catch (error) {
      // The agent may have begun although its answer was lost.
      await this.#undo(request.backupId).catch(() => undefined);
      throw error;
    }
  }

  async get(backupId: string, signal?: AbortSignal): Promise<ImageBackup | undefined> {
    const row = await this.#row(backupId);
    if (!row) return undefined;
    const kept = JSON.parse(row.state) as ImageBackup;
    if (row.ended_ms !== null) return kept;
    const agent = await this.#parts.directory.get(row.agent);
    try {
      const { phase, failure } = await this.#parts.client.getBackup(agent, row.vm_id, backupId, signal);
      return { ...kept, phase, ...(failure && { failure }) };
    } catch (error) {
      if (!isNowhere(error)) throw error;
      await this.#end(row, { ...kept, phase: 'failed' });
      return undefined;
    }
  }

  async finalize(backupId: string, outcome: 'keep' | 'drop', signal?: AbortSignal): Promise<ImageBackup> {
    const row = await this.#row(backupId);
    if (!row) throw ImageError('IMAGE_BACKUP_UNKNOWN', { id: backupId });
    if (row.ended_ms !== null) return JSON.parse(row.state) as ImageBackup;
    return outcome === 'drop' ? await this.#dropHeld(row, signal) : await this.#finalize(row, outcome, signal);
  }

  /** Ends on the agents what was given up while they did not answer. Rejects when one still does not. */
  async dropLeftovers(signal: AbortSignal): Promise<void> {
    for (const row of await this.#leftovers()) await this.#dropHeld(row, signal);
  }

  /** A stopped machine has none: its backups are full ones. */
  checkpoints(_vmId: string): Promise<readonly ImageCheckpoint[]> {
    return Promise.resolve([]);
  }

  removeCheckpoint(_vmId: string, checkpointId: string): Promise<void> {
    return Promise.reject(ImageError('IMAGE_CHECKPOINT_UNKNOWN', { checkpoint: checkpointId }));
  }

  /** Where an open backup is. Throws `IMAGE_BACKUP_UNKNOWN`, `IMAGE_BACKUP_NOT_READY`. */
  async placeOf(backupId: string): Promise<{ readonly agentId: string; readonly hostId: string }> {
    const row = await this.#row(backupId);
    if (!row) throw ImageError('IMAGE_BACKUP_UNKNOWN', { id: backupId });
    if (row.ended_ms !== null)
      throw ImageError('IMAGE_BACKUP_NOT_READY', { id: backupId, phase: (JSON.parse(row.state) as ImageBackup).phase });
    return { agentId: row.agent, hostId: row.host_id };
  }

  /** The row is the lock: a second open backup of the machine is refused by the store, on every gateway. */
  async #claim(request: StartImageBackup, agentId: string, hostId: string): Promise<void> {
    const now = this.#parts.clock.now();
    await this.#db()
      .deleteFrom('image_backups')
      .where('ended_ms', '<', now - REMEMBER_MS)
      .execute();
    const { backupId, vmId } = request;
    const state: ImageBackup = { backupId, vmId, hostId, phase: 'starting', volumes: [] };
    const row = { id: backupId, vm_id: vmId, open_vm: vmId, agent: agentId, host_id: hostId, state: JSON.stringify(state) };
    try {
      await this.#db()
        .insertInto('image_backups')
        .values({ ...row, created_ms: now, ended_ms: null })
        .execute();
    } catch (error) {
      if (this.#parts.store.isUniqueViolation(error))
        throw ImageError('IMAGE_BUSY', { what: `The virtual machine ${vmId}` }, { cause: error });
      throw error;
    }
  }

  async #undo(backupId: string): Promise<void> {
    const row = await this.#row(backupId);
    if (row === undefined) return;
    await this.#dropHeld(row);
    await this.#db().deleteFrom('image_backups').where('id', '=', backupId).execute();
  }

  async #keep(backup: ImageBackup): Promise<ImageBackup> {
    const kept = await this.#db()
      .updateTable('image_backups')
      .set({ state: JSON.stringify(backup) })
      .where('id', '=', backup.backupId)
      .where('ended_ms', 'is', null)
      .executeTakeFirst();
    if (kept.numUpdatedRows === 0n) throw ImageError('IMAGE_BACKUP_UNKNOWN', { id: backup.backupId });
    return backup;
  }

  async #finalize(row: BackupRow, outcome: 'keep' | 'drop', signal?: AbortSignal): Promise<ImageBackup> {
    const kept = JSON.parse(row.state) as ImageBackup;
    try {
      const agent = await this.#parts.directory.get(row.agent);
      const ended = await this.#parts.client.finalizeBackup(agent, row.vm_id, row.id, outcome, signal);
      return await this.#end(row, { ...kept, phase: ended.phase, ...(ended.failure && { failure: ended.failure }) });
    } catch (error) {
      if (!isNowhere(error)) throw error;
      const ended = await this.#end(row, { ...kept, phase: 'failed' });
      if (outcome === 'drop') return ended;
      throw error;
    }
  }

  /** The machine is free at once; an agent that does not answer is asked again later. */
  async #dropHeld(row: BackupRow, signal?: AbortSignal): Promise<ImageBackup> {
    await this.#db().updateTable('image_backups').set({ open_vm: null }).where('id', '=', row.id).execute();
    return await this.#finalize(row, 'drop', signal);
  }

  async #end(row: BackupRow, backup: ImageBackup): Promise<ImageBackup> {
    await this.#db()
      .updateTable('image_backups')
      .set({ open_vm: null, ended_ms: this.#parts.clock.now(), state: JSON.stringify(backup) })
      .where('id', '=', row.id)
      .execute();
    return backup;
  }

  /** Dropped, but not ended on the agent yet. */
  async #leftovers(): Promise<readonly BackupRow[]> {
    return this.#db().selectFrom('image_backups').selectAll().where('open_vm', 'is', null).where('ended_ms', 'is', null).execute();
  }

  async #row(backupId: string): Promise<BackupRow | undefined> {
    return this.#db().selectFrom('image_backups').selectAll().where('id', '=', backupId).executeTakeFirst();
  }

  #db() {
    return this.#parts.store.tables<ImageTables>();
  }
}

function toMessage(request: StartImageBackup) {
  return {
    backup_id: request.backupId,
    running: request.running,
    volumes: request.volumes.map(({ volumeId, path, format }) => ({ id: volumeId, path, format })),
    ...(request.fromCheckpointId !== undefined && { from_checkpoint: request.fromCheckpointId }),
    ...(request.toCheckpointId !== undefined && { to_checkpoint: request.toCheckpointId }),
  };
}

function toBackup(message: BackupMessage, hostId: string, request: StartImageBackup): ImageBackup {
  return {
    backupId: message.backup_id,
    vmId: request.vmId,
    hostId,
    phase: message.phase,
    volumes: message.volumes.map(({ id, mode, size }) => ({ volumeId: id, mode, size })),
    ...(message.failure && { failure: message.failure }),
  };
}
