import type { CheckRow } from '../store/tables.ts';

/** A failure as it is told: the code of the client, and its text, which holds no secret. */
export interface Failure {
  readonly code: string;
  readonly text: string;
}

/** What is known of the inventory of an account besides its rows. */
export interface InventoryState {
  /** When a look last ended with something read, ms since 1970; 0: never. */
  readonly readMs: number;
  /** Whether that was everything. */
  readonly complete: boolean;
  /** Since when nothing can be read at all. */
  readonly silentMs?: number;
  readonly failure?: Failure;
  /** What was refused or failed, a few in words. */
  readonly problems: readonly string[];
  /** Each once, as `GET /vps/*`. */
  readonly missingRules: readonly string[];
  /** IAM actions that a service account lacks, each once. */
  readonly missingActions: readonly string[];
}

/** What is known of the credential of an account. */
export interface KeyState {
  /** `validated` …; `token` and `service account` for what has no such state. */
  readonly status?: string;
  /** When it ends, ms since 1970; absent: never, or not known. */
  readonly endsMs?: number;
  /** Nichandle that it acts as. */
  readonly actsAs?: string;
  readonly failure?: Failure;
  /** The day (UTC) on which its end was last told in the log. */
  readonly warnedOn?: string;
}

const NEVER_READ: InventoryState = { readMs: 0, complete: false, problems: [], missingRules: [], missingActions: [] };

export function inventoryState(row: CheckRow | undefined): InventoryState {
  return row === undefined ? NEVER_READ : (JSON.parse(row.state) as InventoryState);
}

export function keyState(row: CheckRow | undefined): KeyState {
  return row === undefined ? {} : (JSON.parse(row.state) as KeyState);
}
