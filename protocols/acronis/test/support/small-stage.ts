import { ManualClock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import type { FakeAcronis, Stage, StageCustomer } from '../../src/fake/index.ts';
import { APP, startFake } from './fake-world.ts';
import { SmallHandler, type SmallHandlerOptions } from './small-handler.ts';

const PASSWORD = 'correct "horse": battery';

export interface SmallWorld extends AsyncDisposable {
  readonly stage: Stage;
  readonly handler: SmallHandler;
  readonly fake: FakeAcronis;
  readonly clock: ManualClock;
}

/** A small handler with two partners and one below the first, and a fake that signs for it. */
export async function smallWorld(more: Partial<SmallHandlerOptions> = {}): Promise<SmallWorld> {
  const clock = new ManualClock(Date.UTC(2026, 2, 2, 8));
  const fake = await startFake({ clock });
  const handler = await SmallHandler.start({ app: APP, fake, clock, ...more });
  const mirror = await SmallHandler.start({ app: APP, fake, clock, enablement: 'mirrored' });
  const partner = addPartner(handler, 'P1');
  const stage: Stage = {
    url: handler.url,
    appCode: APP,
    signer: fake.signer,
    datacenterUrl: 'https://eu8.acronis.cloud',
    otherDatacenterUrl: 'https://us5.acronis.cloud',
    datacenterAlias: 'https://eu8-cloud.acronis.com',
    partner,
    stranger: addPartner(handler, 'P2'),
    subPartner: addPartner(handler, 'S', partner.organizationId),
    spareTenants: [newUuid(), newUuid()],
    advance: (ms) => clock.advance(ms),
    mirrored: {
      url: mirror.url,
      tenantId: newUuid(),
      tenantName: 'Nordhost',
      customers: [
        { tenantId: newUuid(), name: 'Bakery Lind' },
        { tenantId: newUuid(), name: 'Harbour Law LLP' },
      ],
    },
  };
  const all = [handler, mirror, fake];
  const dispose = async () => {
    for (const one of all) await one[Symbol.asyncDispose]();
  };
  return { stage, handler, fake, clock, [Symbol.asyncDispose]: dispose };
}

function addPartner({ directory }: SmallHandler, name: string, parent?: string): Stage['partner'] {
  const organizationId = newUuid();
  directory.organizations.push({ id: organizationId, name, kind: 'partner', ...(parent === undefined ? {} : { parent }) });
  const accounts = [`${name}-root`, `${name}-second`].map((login) => {
    const identity = login.toLowerCase();
    directory.users.push({
      id: newUuid(),
      login: identity,
      name: login,
      email: `${identity}@example.com`,
      organization: organizationId,
      password: PASSWORD,
    });
    return { identity, password: PASSWORD };
  });
  const customer = (index: number): StageCustomer => {
    const id = newUuid();
    directory.organizations.push({ id, name: `${name} customer ${index}`, kind: 'customer', parent: organizationId });
    return { organizationId: id, tenantId: newUuid() };
  };
  return { organizationId, tenantId: newUuid(), accounts: accounts as never, customers: [customer(1), customer(2), customer(3)] };
}
