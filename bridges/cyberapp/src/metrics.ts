import { counter, defineMetrics, gauge, histogram } from '@fairlead/kernel/metrics';

const CLUSTER = 'the same at every gateway of a cluster';

/** What this bridge tells Prometheus (cyberapp 10.4); no tenant, login or organization is a label. */
export const cyberappMetrics = defineMetrics('cyberapp', {
  callbacks: counter({
    name: 'fairlead_cyberapp_callbacks_total',
    help: 'Callbacks by name (`none`: refused before it was known) and status of the answer.',
    labels: { callback: { most: 24 }, status: { most: 24 } },
  }),
  seconds: histogram({
    name: 'fairlead_cyberapp_callback_seconds',
    help: 'How long a callback took, by name.',
    labels: { callback: { most: 24 } },
  }),
  failures: counter({
    name: 'fairlead_cyberapp_auth_failures_total',
    help: 'Callbacks that were refused before they were carried out, by the step that decided.',
    labels: { step: { most: 24 } },
  }),
  unsigned: counter({
    name: 'fairlead_cyberapp_unsigned_total',
    help: 'Callbacks that were believed without a request token of Acronis (`request_token` is not `required`).',
  }),
  replays: counter({ name: 'fairlead_cyberapp_replays_total', help: 'Writes that were asked for again and answered from what was kept.' }),
  locked: gauge({
    name: 'fairlead_cyberapp_locked_identities',
    help: `Logins, tenants of logins and addresses that are locked; ${CLUSTER}.`,
  }),
  mappings: gauge({
    name: 'fairlead_cyberapp_mappings',
    help: `Links of customers to tenants by state; ${CLUSTER}.`,
    labels: { state: ['active', 'dormant', 'partner'] },
  }),
  keyAge: gauge({ name: 'fairlead_cyberapp_key_age_seconds', help: 'Age of the signing keys of Acronis that this gateway holds.' }),
});
