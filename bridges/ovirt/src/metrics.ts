import { defineMetrics, gauge, histogram } from '@fairlead/kernel/metrics';
import { OPEN_BACKUP_PHASES } from './store/backups.ts';
import { OPEN_TRANSFER_PHASES } from './store/transfers.ts';

const CLUSTER = 'the same at every gateway of a cluster';

/** What this bridge tells Prometheus. */
export const ovirtMetrics = defineMetrics('ovirt', {
  calls: histogram({
    name: 'fairlead_ovirt_cloudstack_call_seconds',
    help: 'Calls to CloudStack, each attempt: how long it took, by command and outcome (refused: 4xx; failed: 5xx; lost: no answer).',
    labels: { command: { most: 150 }, outcome: ['ok', 'refused', 'failed', 'lost'] },
  }),
  backups: gauge({
    name: 'fairlead_ovirt_backups',
    help: `Backups by phase, ended ones for as long as they are kept; ${CLUSTER}.`,
    labels: { phase: [...OPEN_BACKUP_PHASES, 'succeeded', 'failed'] },
  }),
  transfers: gauge({
    name: 'fairlead_ovirt_transfers',
    help: `Image transfers by phase, ended ones for as long as they are kept; ${CLUSTER}.`,
    labels: { phase: [...OPEN_TRANSFER_PHASES, 'finished_success', 'finished_failure'] },
  }),
  objects: gauge({
    name: 'fairlead_ovirt_inventory_objects',
    help: `Objects of CloudStack that are kept, as the service key sees them; ${CLUSTER}.`,
    labels: { kind: { most: 40 } },
  }),
  age: gauge({
    name: 'fairlead_ovirt_inventory_age_seconds',
    help: `Since a kind of objects was last listed whole with the service key; ${CLUSTER}.`,
    labels: { kind: { most: 40 } },
  }),
});

/** How a call ended, by the status of its answer. */
export function callOutcome(status: number | undefined): 'ok' | 'refused' | 'failed' | 'lost' {
  if (status === undefined) return 'lost';
  if (status < 400) return 'ok';
  return status < 500 ? 'refused' : 'failed';
}
