import { counter, defineMetrics, gauge, histogram } from '@fairlead/kernel/metrics';

const CLUSTER = 'the same at every gateway of a cluster';

/** What this bridge tells Prometheus (cce 10); no user, site or address is a label. */
export const cceMetrics = defineMetrics('cce', {
  requests: counter({
    name: 'fairlead_cce_requests_total',
    help: 'Commands of the JSON API by verb (`other`: an unknown one) and status of the answer.',
    labels: { verb: { most: 40 }, status: { most: 40 } },
  }),
  seconds: histogram({
    name: 'fairlead_cce_request_seconds',
    help: 'How long a command of the JSON API took, by verb; pauses after failed logins are left out.',
    labels: { verb: { most: 40 } },
  }),
  tokens: gauge({ name: 'fairlead_cce_tokens', help: `Tokens that have not ended; ${CLUSTER}.` }),
  bans: gauge({ name: 'fairlead_cce_bans', help: `Addresses and user names that are banned at the JSON API; ${CLUSTER}.` }),
  connections: gauge({
    name: 'fairlead_cce_backend_connections',
    help: 'Connections to the backend by what they do; none with the embedded engine.',
    labels: { state: ['idle', 'busy'] },
  }),
  conflicts: counter({
    name: 'fairlead_cce_commit_conflicts_total',
    help: 'Commits that were refused because another one had changed the same object.',
  }),
});
