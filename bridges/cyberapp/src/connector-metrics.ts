import { counter, defineMetrics, gauge, histogram } from '@fairlead/kernel/metrics';
import { SOURCE_NAMES } from './map/selectors.ts';

const CLUSTER = 'the same at every gateway of a cluster';

/** What the connector tells Prometheus (cyberapp 10.4); no tenant, login or organization is a label. */
export const connectorMetrics = defineMetrics('cyberapp', {
  pushed: counter({
    name: 'fairlead_cyberapp_push_total',
    help: 'Attempts of calls to Acronis by data center, call and outcome.',
    labels: { dc: { most: 32 }, op: { most: 24 }, outcome: { most: 16 } },
  }),
  pushSeconds: histogram({
    name: 'fairlead_cyberapp_push_seconds',
    help: 'How long an attempt of a call to Acronis took, by call.',
    labels: { op: { most: 24 } },
  }),
  runs: counter({
    name: 'fairlead_cyberapp_runs_total',
    help: 'Runs of the connector by outcome.',
    labels: { outcome: ['ok', 'partial', 'paused', 'stopped', 'failed'] },
  }),
  runSeconds: histogram({
    name: 'fairlead_cyberapp_run_seconds',
    help: 'How long a run of a data center took.',
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600],
  }),
  did: counter({
    name: 'fairlead_cyberapp_run_effects_total',
    help: 'What runs did: workloads created, updated, removed, adopted, second creations, duplicates, and so on.',
    labels: { what: { most: 32 } },
  }),
  workloads: gauge({ name: 'fairlead_cyberapp_workloads', help: `Workloads by state; ${CLUSTER}.`, labels: { state: { most: 8 } } }),
  alerts: gauge({ name: 'fairlead_cyberapp_alerts', help: `Alerts by state; ${CLUSTER}.`, labels: { state: { most: 8 } } }),
  paused: gauge({ name: 'fairlead_cyberapp_target_paused', help: `Tenants and data centers that are left alone for a while; ${CLUSTER}.` }),
  incomplete: counter({
    name: 'fairlead_cyberapp_source_incomplete_total',
    help: 'How often a source could not be read whole.',
    labels: { source: SOURCE_NAMES },
  }),
  unassigned: gauge({
    name: 'fairlead_cyberapp_unassigned_items',
    help: 'Items of the last look that no rule gives to a customer, by source.',
    labels: { source: SOURCE_NAMES },
  }),
});
