import type { FakeOvh } from '@fairlead/ovh/fake';

/** How the demo's OVHcloud is reached, and which program asks there. */
export interface OvhFacts {
  /** `http://127.0.0.1:…/1.0`. */
  readonly endpoint: string;
  readonly applicationKey: string;
  readonly applicationSecret: string;
}

/** The account that the gateway reads. */
export const OVH_ACCOUNT = 'demo';

/** A small account: what fits on a screen. */
export const OVH_SIZES = { servers: 4, vps: 3, projects: 1, instances: 2, domains: 2, ips: 2, vracks: 1 };

export function ovhSection(fake: FakeOvh): readonly string[] {
  const { applicationKey, applicationSecret, consumerKey } = fake.keys;
  return [
    `[ovh ${OVH_ACCOUNT}]`,
    `endpoint = ${fake.apiUrl}`,
    `application_key = ${applicationKey}`,
    `application_secret = ${applicationSecret}`,
    `consumer_key = ${consumerKey}`,
  ];
}

export function ovhFacts(fake: FakeOvh): OvhFacts {
  const { applicationKey, applicationSecret } = fake.keys;
  return { endpoint: fake.apiUrl, applicationKey, applicationSecret };
}
