import { newUuid } from '@fairlead/kernel/ids';
import { isObject } from '../../../codec/read.ts';
import type { CallbackDriver } from '../callback-driver.ts';
import { driverOf, type Scene } from './scene.ts';
import type { MirroredStage } from './stage.ts';

/** CyberApp 2.12 from end to end: accounts are made from tenants, and the request token is the only proof. */
export async function mirrored({ stage, checks }: Scene): Promise<void> {
  const { mirrored: place } = stage;
  if (place === undefined) return checks.skip('partners and customers are mirrored', 'the stage has no handler of mirrored enablement');
  const driver = driverOf(stage, place, { identity: '', password: '' }).with({
    url: place.url,
    identity: undefined,
    registered: { ...stage.registered, enablement: 'mirrored' },
  });
  await driver.partnerReset();
  await partner({ checks, driver, place });
  await customers({ checks, driver, place });
  checks.refused('a request without token is refused', await driver.partnerState({ headers: { authorization: undefined } }), 401, 403);
  checks.accepted('the partner is disabled', await driver.partnerReset());
  checks.same('it says so', (await driver.partnerState()).payload, { state: 'DISABLED' });
  checks.same('and no customer is enabled', tenantsIn((await driver.customerState()).payload), []);
}

interface Mirror {
  readonly checks: Scene['checks'];
  readonly driver: CallbackDriver;
  readonly place: MirroredStage;
}

async function partner({ checks, driver, place }: Mirror): Promise<void> {
  const before = checks.accepted('the state of a partner is read', await driver.partnerState());
  checks.same('it is disabled', before.payload, { state: 'DISABLED' });
  const wish = { acronis_tenant_id: place.tenantId, acronis_tenant_name: place.tenantName };
  const first = checks.accepted('the partner is enabled', await driver.partnerEnable(wish));
  const ids = isObject(first.payload) ? first.payload : {};
  checks.same('the answer names its tenant', [ids.state, ids.acronis_tenant_id], ['ENABLED', place.tenantId]);
  const again = checks.accepted('enabling again is good', await driver.partnerEnable(wish));
  checks.same('it is the same organization', again.payload, first.payload);
  checks.same('the state says so', (await driver.partnerState()).payload, { state: 'ENABLED' });
}

async function customers({ checks, driver, place }: Mirror): Promise<void> {
  const own = { partner_tenant_id: place.tenantId, partner_tenant_name: place.tenantName };
  const enabled = place.customers.map(({ tenantId, name }) => ({ acronis_tenant_id: tenantId, acronis_tenant_name: name }));
  const [one] = place.customers;
  checks.accepted('customers are enabled', await driver.customerSetState({ ...own, enabled }));
  const state = checks.accepted('their states are read', await driver.customerState());
  const all = place.customers.map(({ tenantId }) => tenantId).sort();
  checks.same('all of them are enabled', tenantsIn(state.payload), all);
  const disabled = [{ acronis_tenant_id: one.tenantId }];
  checks.accepted('one is disabled', await driver.customerSetState({ ...own, disabled }));
  const rest = all.filter((tenant) => tenant !== one.tenantId);
  checks.same('the others are enabled', tenantsIn((await driver.customerState()).payload), rest);
  const foreign = await driver.customerSetState({ ...own, partner_tenant_id: newUuid(), enabled });
  checks.refused('for another partner than the one that asks nothing is done', foreign, 403);
  checks.same('the others are still enabled', tenantsIn((await driver.customerState()).payload), rest);
}

function tenantsIn(payload: unknown): readonly string[] {
  const rows = Array.isArray(payload) ? (payload as readonly unknown[]) : [];
  return rows.flatMap((row) => (isObject(row) && typeof row.acronis_tenant_id === 'string' ? [row.acronis_tenant_id] : [])).sort();
}
