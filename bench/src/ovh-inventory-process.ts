import { type FakeKeys, FakeOvh } from '@fairlead/ovh/fake';

/** What `ovh-inventory.ts` is told by this process, which it starts. */
export interface InventoryFacts {
  readonly apiUrl: string;
  readonly keys: FakeKeys;
  /** Of all servers, in order. */
  readonly names: readonly string[];
}

/** What is answered to each share of calls that shall fail from now on (0 to 1): how many calls there were since the last one. */
export type Share = number;

const fake = await FakeOvh.start({ servers: 500, vps: 0, projects: 0, domains: 0, ips: 0, logSize: 100_000 });
process.on('message', (share: Share) => {
  const calls = fake.log.length;
  fake.clearLog();
  fake.faults.clear();
  if (share > 0) {
    const failures = [429, 500, 502, 503].map(
      (status) => ({ kind: 'status', status, ...(status === 429 ? { retryAfter: 1 } : {}) }) as const,
    );
    const [first, ...others] = failures;
    if (first !== undefined) fake.faults.sometimes('*', share, first, ...others);
  }
  process.send?.(calls);
});
process.once('disconnect', () => process.exit());
const facts: InventoryFacts = { apiUrl: fake.apiUrl, keys: fake.keys, names: [...fake.state.servers.keys()].sort() };
process.send?.(facts);
