import type { AcronisClient, Alerts, Workloads } from '@fairlead/acronis';

/** What the connector needs of a data center: `AcronisClient` is one. */
export interface PushClient extends Pick<AcronisClient, 'datacenter' | 'pausedUntil'> {
  readonly workloads: Pick<Workloads, 'create' | 'list' | 'update' | 'remove' | 'sendsExternalId'>;
  readonly alerts: Pick<Alerts, 'create' | 'list' | 'findBySource' | 'get' | 'dismiss'>;
}
