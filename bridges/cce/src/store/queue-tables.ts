/** Rows of `queueMigrations`. */
export interface QueueTables {
  cce_queues: QueueRow;
  cce_queue: QueuedRow;
  cce_answers: KeptAnswerRow;
  cce_events: EventRow;
}

/** An open transaction. */
export interface QueueRow {
  /** A digest of the session or token. */
  queue_key: string;
  /** Of its commands; another one after each BEGIN. */
  id: string;
  user_name: string;
  refs: number;
  /** What BEGIN said of `atomic`; null: nothing. */
  atomic: number | null;
  commands: number;
  bytes: number;
  touched_ms: number;
}

/** A command that waits for COMMIT. */
export interface QueuedRow {
  id: string;
  queue_id: string;
  position: number;
  /** The object that it names. */
  oid: string | null;
  /** Sealed: values may be passwords. */
  command: string;
}

export interface KeptAnswerRow {
  /** A digest of user and key. */
  id: string;
  /** A digest of the request. */
  request: string;
  /** Null while the first request is still under way. */
  answer: string | null;
  created_ms: number;
}

export interface EventRow {
  id: number;
  txn: string;
  oid: string;
  class: string;
  namespace: string;
  /** Empty when the object was made or removed. */
  property: string;
  kind: string;
  at_ms: number;
}
