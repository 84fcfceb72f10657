import type { WantedContent } from './content.ts';
import type { Tally } from './counts.ts';
import type { DatacenterState } from './datacenter-state.ts';
import type { Failures } from './failures.ts';
import type { PushClient } from './push-client.ts';
import type { TenantRows } from './workload-rows.ts';

/** What the steps for one tenant share. One worker has it at a time. */
export interface TenantTask {
  readonly tenantId: string;
  readonly rows: TenantRows;
  /** By key of the item; empty for a tenant that is left. */
  readonly wanted: ReadonlyMap<string, WantedContent>;
  readonly client: PushClient;
  readonly signal: AbortSignal;
  readonly tally: Tally;
  readonly failures: Failures;
  readonly datacenter: DatacenterState;
  /** Whether all workloads are to be compared with Acronis, not only those that are sought. */
  readonly compare: boolean;
}
