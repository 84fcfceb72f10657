import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeAcronis } from '@fairlead/acronis/fake';
import { ALERT_CATEGORIES, ALERT_TYPES, Organizations, Sources, Users, WORKLOAD_TYPES } from '@fairlead/bridge-cyberapp';
import { systemClock } from '@fairlead/kernel/clock';
import type { LoadedConfig } from '@fairlead/kernel/config';
import { newUuid } from '@fairlead/kernel/ids';
import type { Log } from '@fairlead/kernel/log';
import { openConfiguredStore, serverSecrets } from '../compose/state.ts';
import { OVH_ACCOUNT } from './ovh-world.ts';

export const CYBERAPP_CODE = 'acme.fairlead';
/** What partners type into the enablement form. */
export const CYBERAPP_LOGIN = { identity: 'hosting', password: 'demo of the demo' };

const DATACENTER = 'eu8';
const CLIENT = { id: newUuid(), secret: newUuid() };
const CHEAP = { memory: 8192, passes: 1, parallelism: 1 };

/** A fake Acronis with the app, a partner and two of his customers; the configuration that reaches it. */
export interface AcronisWorld extends AsyncDisposable {
  readonly fake: FakeAcronis;
  readonly partner: string;
  readonly customers: readonly [string, string];
  readonly lines: readonly string[];
}

/** Our side: the organizations that are to be linked. */
export interface CyberappFacts {
  readonly partner: string;
  readonly customers: readonly { readonly id: string; readonly name: string }[];
}

/** With its authority in a file of this folder. */
export async function startAcronis(folder: string): Promise<AcronisWorld> {
  const [partner, bakery, law] = [newUuid(), newUuid(), newUuid()];
  const fake = await FakeAcronis.start({
    datacenters: [DATACENTER],
    tls: 'own',
    apps: [
      {
        code: CYBERAPP_CODE,
        clientId: CLIENT.id,
        clientSecret: CLIENT.secret,
        alertTypes: Object.entries(ALERT_TYPES).map(([code, { severity }]) => ({ code, severity })),
        categories: Object.keys(ALERT_CATEGORIES),
        workloadTypes: Object.entries(WORKLOAD_TYPES).map(([code, { schema }]) => ({ code, schema })),
      },
    ],
    tenants: [
      { id: partner, name: 'Example Hosting', kind: 'partner' },
      { id: bakery, name: 'Bakery Lind', kind: 'customer', parentId: partner },
      { id: law, name: 'Harbour Law', kind: 'customer', parentId: partner },
    ],
  });
  const caFile = join(folder, 'acronis-ca.crt');
  await writeFile(caFile, fake.ca ?? '');
  const lines = [
    '[cyberapp]',
    `app_code = ${CYBERAPP_CODE}`,
    'listen_address = 127.0.0.1:0',
    `jwt_issuers = ${fake.issuer}=${fake.keysUrl}`,
    `argon2_memory_kib = ${CHEAP.memory}`,
    `argon2_time = ${CHEAP.passes}`,
    `argon2_parallelism = ${CHEAP.parallelism}`,
    '[connector]',
    'allow_private = true',
    `ca = ${caFile}`,
    'interval = 10s',
    'requests_per_second = 50',
    `[connector ${DATACENTER}]`,
    `dc_url = ${fake.url()}`,
    `client_id = ${CLIENT.id}`,
    `client_secret = ${CLIENT.secret}`,
  ];
  return { fake, partner, customers: [bakery, law], lines, [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose]() };
}

/** Makes the partner with its account and two customers, and says what is whose; in the store of a gateway that runs. */
export async function seedCyberapp(config: LoadedConfig, log: Log): Promise<CyberappFacts> {
  await using store = await openConfiguredStore(config, { log, clock: systemClock });
  const organizations = new Organizations(store);
  const partner = await organizations.add({ name: 'Example Hosting', kind: 'partner' });
  const users = new Users({ store, secrets: serverSecrets(config), cost: CHEAP });
  const { identity, password } = CYBERAPP_LOGIN;
  await users.add({ login: identity, name: identity, email: 'ops@example.com', organizationId: partner.id }, password);
  const bakery = await organizations.add({ name: 'Bakery Lind', kind: 'customer', parentId: partner.id });
  const law = await organizations.add({ name: 'Harbour Law', kind: 'customer', parentId: partner.id });
  const sources = new Sources({ store, clock: systemClock, inventories: () => ({}) });
  await sources.add({ organizationId: bakery.id, source: 'cloudstack', kind: 'domain', selector: 'ROOT' });
  await sources.add({ organizationId: law.id, source: 'blueonyx', kind: 'domain', selector: SITES_DOMAIN });
  await sources.add({ organizationId: law.id, source: 'ovh', kind: 'account', selector: OVH_ACCOUNT });
  return { partner: partner.id, customers: [bakery, law].map(({ id, name }) => ({ id, name })) };
}

/** Of the sites in the demo's objects of BlueOnyx. */
const SITES_DOMAIN = 'smd.net';
