import { counter, defineMetrics, gauge, histogram } from './declare.ts';
import { pageMetrics } from './registry.ts';

const OUTCOMES = ['ok', 'error'] as const;

export const buildMetrics = defineMetrics('build', {
  info: gauge({
    name: 'fairlead_build_info',
    help: 'Always 1; which version runs on which Node.',
    labels: { version: { most: 2 }, node: { most: 2 } },
  }),
});

export const storeMetrics = defineMetrics('store', {
  queries: histogram({
    name: 'fairlead_store_query_seconds',
    help: 'Statements to the store: how long each took, and whether it failed (an insert that finds its row there already is an error too).',
    labels: { operation: ['select', 'insert', 'update', 'delete', 'other'], outcome: OUTCOMES },
  }),
  up: gauge({ name: 'fairlead_store_up', help: '1 when the store answered a query during this scrape, else 0.' }),
});

export const jobMetrics = defineMetrics('jobs', {
  runs: histogram({
    name: 'fairlead_jobs_run_seconds',
    help: 'Runs of periodic jobs by this gateway: how long each took, and how it ended.',
    labels: { job: { most: 100 }, outcome: ['ok', 'failed', 'stopped'] },
    buckets: [0.01, 0.1, 1, 10, 60, 300, 1800],
  }),
  late: gauge({
    name: 'fairlead_jobs_late_seconds',
    help: 'For how long a job is due and nobody runs it; the same at every gateway of a cluster.',
    labels: { job: { most: 100 } },
  }),
  failing: gauge({
    name: 'fairlead_jobs_failures_in_a_row',
    help: 'How often a job has failed since it last went well; the same at every gateway of a cluster.',
    labels: { job: { most: 100 } },
  }),
});

export const auditMetrics = defineMetrics('audit', {
  entries: counter({
    name: 'fairlead_audit_entries_total',
    help: 'What was done by somebody, by face, action and outcome: logins, bans, backups, transfers, changes.',
    labels: { face: { most: 10 }, action: { most: 100 }, outcome: ['ok', 'refused', 'failed'] },
  }),
  unwritten: counter({
    name: 'fairlead_audit_unwritten_total',
    help: 'Entries that stand in the log only, because the store refused them.',
  }),
});

export const sessionMetrics = defineMetrics('sessions', {
  open: gauge({
    name: 'fairlead_sessions_open',
    help: 'Sessions that have not ended; the same at every gateway of a cluster.',
    labels: { face: { most: 10 } },
  }),
  banned: gauge({
    name: 'fairlead_sessions_bans_open',
    help: 'Addresses and logins that are banned now, by face; the same at every gateway of a cluster.',
    labels: { face: { most: 10 } },
  }),
});

export const tlsMetrics = defineMetrics('tls', {
  days: gauge({
    name: 'fairlead_tls_certificate_days_left',
    help: 'Days until a certificate ends: the one of the control faces, the one of the data plane, our own authority.',
    labels: { certificate: ['control', 'data', 'authority'] },
  }),
});

/** Every table of the kernel, for the reference. */
export const kernelMetrics = [buildMetrics, storeMetrics, jobMetrics, auditMetrics, sessionMetrics, tlsMetrics, pageMetrics] as const;
