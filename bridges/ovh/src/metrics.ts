import { counter, defineMetrics, gauge, histogram } from '@fairlead/kernel/metrics';

const CLUSTER = 'the same at every gateway of a cluster';
/** Names that the configuration gives. */
const account = { most: 50 };

/** What this bridge tells Prometheus; no service, address or nichandle is a label. */
export const ovhMetrics = defineMetrics('ovh', {
  calls: histogram({
    name: 'fairlead_ovh_call_seconds',
    help: 'Calls to OVHcloud that were answered, each attempt: how long it took to the head of the answer, by account and outcome (refused: 4xx; failed: 5xx).',
    labels: { account, outcome: ['ok', 'refused', 'failed'] },
  }),
  errors: counter({
    name: 'fairlead_ovh_errors_total',
    help: 'Calls to OVHcloud that were given up, by account and code (`OVH_NETWORK`, `OVH_NOT_GRANTED_CALL` …).',
    labels: { account, code: { most: 50 } },
  }),
  refreshes: histogram({
    name: 'fairlead_ovh_refresh_seconds',
    help: 'How long it took to read the inventory of an account, by account and outcome.',
    labels: { account, outcome: ['complete', 'partial', 'failed'] },
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  }),
  records: gauge({
    name: 'fairlead_ovh_records',
    help: `Records of the kept inventory by account and kind; ${CLUSTER}.`,
    labels: { account, kind: ['baremetal', 'vps', 'cloud-instance', 'domain', 'ip'] },
  }),
  age: gauge({
    name: 'fairlead_ovh_inventory_age_seconds',
    help: `Since the inventory of an account was last read, whole or in part; absent while it never was; ${CLUSTER}.`,
    labels: { account },
  }),
  incomplete: gauge({
    name: 'fairlead_ovh_inventory_incomplete',
    help: `1 while a part of the inventory of an account could not be read, else 0; ${CLUSTER}.`,
    labels: { account },
  }),
  keyLeft: gauge({
    name: 'fairlead_ovh_key_left_seconds',
    help: `Until the consumer key of an account ends, negative when it has; absent for one that does not end; ${CLUSTER}.`,
    labels: { account },
  }),
  clockDelta: gauge({
    name: 'fairlead_ovh_clock_delta_seconds',
    help: 'Clock of OVHcloud minus that of this gateway when last measured, by account.',
    labels: { account },
  }),
});
