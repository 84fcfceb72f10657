import { z } from 'zod';

/** Bodies between gateway and agent (oVirt spec 8.1). Both ends are this package; what comes is checked all the same. */

const id = z.string().min(1).max(200);
const path = z.string().min(1).max(4096).startsWith('/');

export const volumeSchema = z.object({ id, path, format: z.enum(['qcow2', 'raw']) });

export const startBackupSchema = z.object({
  backup_id: id,
  running: z.boolean(),
  volumes: z.array(volumeSchema).min(1).max(256),
  from_checkpoint: id.optional(),
  to_checkpoint: id.optional(),
});

export const finalizeBackupSchema = z.object({ backup_id: id, checkpoint: z.enum(['keep', 'drop']) });

export const openTransferSchema = z.object({
  transfer_id: id,
  /** 256 random bits; the last part of the URL. */
  ticket: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  direction: z.enum(['download', 'upload']),
  format: z.enum(['raw', 'cow']),
  volume: volumeSchema,
  size: z.int().positive().optional(),
  backup_id: id.optional(),
  ttl: z
    .int()
    .positive()
    .max(30 * 86_400),
  inactivity_timeout: z
    .int()
    .nonnegative()
    .max(30 * 86_400),
  sparse: z.boolean(),
  filename: z.string().max(255).optional(),
});

const failureSchema = z.object({ code: z.string(), text: z.string() });

export const backupSchema = z.object({
  backup_id: id,
  vm_id: id,
  phase: z.enum(['starting', 'ready', 'finalizing', 'succeeded', 'failed']),
  volumes: z.array(z.object({ id, mode: z.enum(['full', 'incremental']), size: z.int().nonnegative() })),
  failure: failureSchema.optional(),
});

export const openedTransferSchema = z.object({ transfer_id: id, size: z.int().nonnegative() });

export const transferStateSchema = z.object({
  transfer_id: id,
  active: z.boolean(),
  transferred: z.int().nonnegative(),
  idle_s: z.int().nonnegative(),
  size: z.int().nonnegative(),
  failure: failureSchema.optional(),
});

export const refusalSchema = z.object({
  code: z.string(),
  text: z.string(),
  status: z.int().min(400).max(599),
  detail: z.record(z.string(), z.unknown()).optional(),
});

export type StartBackupMessage = z.infer<typeof startBackupSchema>;
export type OpenTransferMessage = z.infer<typeof openTransferSchema>;
export type BackupMessage = z.infer<typeof backupSchema>;
export type TransferStateMessage = z.infer<typeof transferStateSchema>;
export type OpenedTransferMessage = z.infer<typeof openedTransferSchema>;
