import { defineMetrics, histogram } from '@fairlead/kernel/metrics';

/** What the control faces do. */
export const httpMetrics = defineMetrics('http', {
  requests: histogram({
    name: 'fairlead_http_request_seconds',
    help: 'Requests to the control faces (8443): how long each took, by face, method, template of its path, and status.',
    labels: {
      face: { most: 20 },
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      route: { most: 300 },
      status: { most: 60 },
    },
  }),
});
