import { endpointCti } from '@fairlead/acronis/codec';
import { FakeAcronis, type TenantWish } from '@fairlead/acronis/fake';
import { ALERT_CATEGORIES, ALERT_TYPES, WORKLOAD_TYPES } from '@fairlead/bridge-cyberapp';
import { APP, DATACENTER } from './cyberapp-context.ts';
import { takeOrders } from './cyberapp-orders.ts';

export interface FakeWish {
  readonly answerMs: number;
  readonly tenants: readonly TenantWish[];
}

/** Where the fake is. */
export interface FakeFacts {
  readonly url: string;
  readonly ca: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly issuer: string;
  readonly keysUrl: string;
  /** A request token for the app's own endpoint. */
  readonly token: string;
}

/** What was asked of the fake so far. */
export interface FakeCounts {
  readonly requests: number;
  /** Of workloads and alerts, by name of the route. */
  readonly creates: number;
  readonly updates: number;
  readonly otherWrites: number;
  readonly lists: number;
  /** That it has now. */
  readonly workloads: number;
}

const CLIENT = { clientId: '6f0c2a53-9d5b-4f43-8f7e-0d9b0a3f1c77', clientSecret: 'a made up secret of the benches' };

await takeOrders<FakeWish, 'count'>(async ({ answerMs, tenants }) => {
  const fake = await FakeAcronis.start({
    ...{ answerMs, tenants, datacenters: [DATACENTER], tls: 'own', keepRequests: 0 },
    apps: [
      {
        ...CLIENT,
        code: APP,
        alertTypes: Object.entries(ALERT_TYPES).map(([code, { severity }]) => ({ code, severity })),
        categories: Object.keys(ALERT_CATEGORIES),
        workloadTypes: Object.entries(WORKLOAD_TYPES).map(([code, { schema }]) => ({ code, schema })),
      },
    ],
  });
  const { requests } = fake;
  const token = await fake.signer.token(endpointCti(APP));
  return {
    facts: { ...CLIENT, url: fake.url(), ca: fake.ca, issuer: fake.issuer, keysUrl: fake.keysUrl, token } satisfies FakeFacts,
    order: async (): Promise<FakeCounts> => {
      const [creates, updates] = [requests.count('workloads.create'), requests.count('workloads.update')];
      return {
        ...{ creates, updates, otherWrites: requests.writes - creates - updates },
        requests: requests.count(),
        lists: requests.count('workloads.list'),
        workloads: fake.workloads.length,
      };
    },
    end: () => fake.close(),
  };
});
