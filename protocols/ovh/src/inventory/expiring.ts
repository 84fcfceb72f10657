import type { InventoryClient } from './options.ts';
import type { RecordError } from './record.ts';

/** A service that needs somebody's attention. */
export interface ExpiringService {
  /** The route without its id, as `/dedicated/server`; empty where it is not known. */
  readonly type: string;
  readonly name: string;
  readonly displayName: string;
  readonly serviceId?: number;
  /** A plain day, `2026-12-01`. */
  readonly expires?: string;
  /** From today to `expires`; negative: so many days ago. */
  readonly days?: number;
  /** In the API's words: `ok`, `expired`, `unPaid` … */
  readonly status: string;
  readonly autoRenew?: boolean;
  readonly reason: 'expiring' | 'expired' | 'unpaid';
}

export interface Expiring {
  /** False when something could not be read: it is in `errors`, or in `refused` with 403. */
  readonly complete: boolean;
  readonly endpoint: string;
  /** The day that was compared with, in UTC. */
  readonly today: string;
  readonly days: number;
  /** By day, then by name; those without a day first. */
  readonly services: readonly ExpiringService[];
  /** Kinds of service that the key or the endpoint does not give: 403, 404 and 410. */
  readonly refused: readonly RecordError[];
  readonly errors: readonly RecordError[];
  /** Each once. */
  readonly missingRules: readonly string[];
}

export interface ExpiringOptions {
  /** Up to and with today and so many days. */
  readonly days: number;
  readonly signal?: AbortSignal | undefined;
  /** ms since 1970. */
  readonly now?: number | undefined;
  /** Calls at once, at most. Default 10. */
  readonly concurrency?: number | undefined;
}

export async function readExpiring(client: InventoryClient, { days, signal, now = Date.now() }: ExpiringOptions): Promise<Expiring> {
  signal?.throwIfAborted();
  const today = new Date(now).toISOString().slice(0, 10);
  return { complete: true, endpoint: client.endpoint.name, today, days, services: [], refused: [], errors: [], missingRules: [] };
}
