import { counter, defineMetrics, gauge, histogram } from '@fairlead/kernel/metrics';

const LISTENERS = ['server', 'local', 'proxy'] as const;

/** What this bridge tells Prometheus. */
export const imageMetrics = defineMetrics('image', {
  requests: histogram({
    name: 'fairlead_image_request_seconds',
    help: 'Requests for the data of images: how long each took from its headers to the end of its answer (status cut: the connection went before).',
    labels: {
      listener: LISTENERS,
      operation: ['read', 'write', 'patch', 'extents', 'checksum', 'options', 'other'],
      status: { most: 40 },
    },
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600],
  }),
  active: gauge({
    name: 'fairlead_image_requests_active',
    help: 'Requests for the data of images that are being carried out now.',
    labels: { listener: LISTENERS },
  }),
  bytes: counter({
    name: 'fairlead_image_data_bytes_total',
    help: 'Bytes on the connections of the data plane, with headers, by listener and direction as the gateway sees it.',
    labels: { listener: LISTENERS, direction: ['served', 'received'] },
  }),
  agentCalls: histogram({
    name: 'fairlead_image_agent_call_seconds',
    help: 'Calls of this gateway to the agents of the KVM hosts, by outcome.',
    labels: { outcome: ['answered', 'unreachable'] },
  }),
  agents: gauge({
    name: 'fairlead_image_agent_up',
    help: '1 when the last call of this gateway to the agent was answered, 0 when it was not; absent before the first.',
    labels: { agent: { most: 500 } },
  }),
});
