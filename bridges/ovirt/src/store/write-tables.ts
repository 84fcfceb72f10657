/** Who works on, or holds, one thing. `vm:<id>`, `disk:<id>`, `name:<owner>/<name>`, `work:<backup or transfer>`. */
export interface LockRow {
  readonly resource: string;
  /** Backup, transfer or operation that holds it. */
  readonly ref: string;
  /** For people: what is going on. */
  readonly purpose: string;
  /** The running gateway that works on it. */
  readonly holder: string;
  readonly taken_ms: number;
  /** Until when the holder answers for it; null: until it is released, whatever becomes of the holder (open backups and transfers). */
  readonly lease_ms: number | null;
}

export type BackupPhase = 'initializing' | 'starting' | 'ready' | 'finalizing' | 'succeeded' | 'failed';

export interface BackupRow {
  readonly id: string;
  readonly vm_id: string;
  readonly vm_name: string;
  readonly subject: string;
  readonly user_id: string;
  readonly phase: BackupPhase;
  readonly description: string | null;
  readonly from_checkpoint_id: string | null;
  readonly to_checkpoint_id: string | null;
  /** JSON: `BackupDisk[]`, exactly what was asked for. */
  readonly disks: string;
  readonly host_id: string | null;
  readonly error: string | null;
  readonly correlation_id: string;
  readonly created_ms: number;
  readonly modified_ms: number;
  /** Last sign of life of the client: what the lease counts from. */
  readonly active_ms: number;
  readonly ended_ms: number | null;
}

export type TransferPhase =
  | 'initializing'
  | 'transferring'
  | 'resuming'
  | 'paused_system'
  | 'paused_user'
  | 'finalizing_success'
  | 'finished_success'
  | 'finished_failure'
  | 'cancelled_system'
  | 'cancelled_user';

export interface TransferRow {
  readonly id: string;
  readonly disk_id: string;
  /** The VM that has the disk: it may not start meanwhile. */
  readonly vm_id: string | null;
  readonly backup_id: string | null;
  readonly subject: string;
  readonly user_id: string;
  readonly direction: 'download' | 'upload';
  readonly format: 'cow' | 'raw';
  readonly shallow: number;
  readonly inactivity_s: number;
  readonly timeout_policy: 'legacy' | 'pause' | 'cancel';
  readonly phase: TransferPhase;
  /** Why it is `paused_system`: the client is silent, or the host does not answer. */
  readonly paused_for: 'idle' | 'host' | null;
  readonly host_id: string | null;
  /** Sealed JSON of both URLs: they hold the ticket. */
  readonly urls: string | null;
  readonly size: number;
  readonly transferred: number;
  readonly error: string | null;
  readonly correlation_id: string;
  readonly created_ms: number;
  readonly modified_ms: number;
  /** Last time that bytes moved or the client extended it. */
  readonly active_ms: number;
  readonly ended_ms: number | null;
}

export type JobStatus = 'started' | 'finished' | 'failed' | 'aborted' | 'unknown';

export interface JobRow {
  readonly id: string;
  /** CloudStack's job that it waits for; the last one when it takes several. */
  readonly cs_job_id: string | null;
  /** 1: when that job is done, all is done. */
  readonly is_last: number;
  readonly description: string;
  readonly status: JobStatus;
  readonly object_type: string;
  readonly object_id: string | null;
  readonly error: string | null;
  readonly correlation_id: string;
  readonly subject: string;
  readonly user_id: string;
  /** The running gateway that follows it, and until when it answers for that. */
  readonly holder: string;
  readonly lease_ms: number;
  readonly started_ms: number;
  readonly updated_ms: number;
  readonly ended_ms: number | null;
}

export interface EventRow {
  /** Grows by one. */
  readonly id: number;
  readonly code: number;
  readonly severity: 'normal' | 'warning' | 'error' | 'alert';
  readonly description: string;
  readonly origin: string;
  readonly custom_id: number | null;
  readonly correlation_id: string | null;
  readonly subject: string;
  readonly user_id: string;
  readonly vm_id: string | null;
  readonly time_ms: number;
}

/** What CloudStack does not know about a volume. */
export interface DiskRow {
  readonly id: string;
  /** 1: an upload has failed, the content is undefined. */
  readonly illegal: number;
  readonly reason: string | null;
  readonly description: string | null;
  readonly initial_size: number | null;
  /** Our job that creates it; the disk is locked until it has ended. */
  readonly creating: string | null;
  readonly subject: string;
  readonly created_ms: number;
}

export type CreationKind = 'vm' | 'disk';

/** Something that is made for a request, so that the request, repeated, does not make a second one (ovirt 10.3). */
export interface CreationRow {
  /** Digest-free key: subject, correlation id, kind and name. */
  readonly key: string;
  readonly kind: CreationKind;
  readonly subject: string;
  readonly name: string;
  /** JSON: `Owner`. */
  readonly owner: string;
  /** Empty until CloudStack has named it. */
  readonly object_id: string;
  /** Our job that makes it. */
  readonly job_id: string;
  readonly created_ms: number;
  /** When the caller was told of it; null: nobody knows it yet. */
  readonly told_ms: number | null;
}

/** What a restored VM keeps from its OVF for the steps that follow. */
export interface RestoreRow {
  readonly vm_id: string;
  /** JSON: `RestoreFacts`. */
  readonly body: string;
  readonly created_ms: number;
}

/** Tables of the writing side: one row interface each. */
export interface WriteTables {
  readonly ovirt_locks: LockRow;
  readonly ovirt_backups: BackupRow;
  readonly ovirt_transfers: TransferRow;
  readonly ovirt_jobs: JobRow;
  readonly ovirt_events: EventRow;
  readonly ovirt_disks: DiskRow;
  readonly ovirt_creations: CreationRow;
  readonly ovirt_restores: RestoreRow;
}
