import type { CallbackName } from '@fairlead/acronis/codec';
import { CyberappError } from '../../errors.ts';
import { mirrorCustomers, mirroredCustomers, mirroredPartner, mirrorPartner, unmirrorPartner } from '../../service/mirroring.ts';
import { fitting } from './fitting.ts';
import type { MirroredHandler } from './handler.ts';
import { idsOf } from './ids-of.ts';

const partnerState: MirroredHandler<'partner.mirroring.get_state'> = {
  name: 'partner.mirroring.get_state',
  run: async ({ db, tenantId }) => ({ state: (await mirroredPartner(db, { tenantId })) === undefined ? 'DISABLED' : 'ENABLED' }),
};

const partnerEnable: MirroredHandler<'partner.mirroring.enable'> = {
  name: 'partner.mirroring.enable',
  async run({ store, db, payload, note, ...caller }) {
    const { acronis_tenant_id: named, acronis_tenant_name: name } = payload;
    if (named.toLowerCase() !== caller.tenantId) throw CyberappError('CYBERAPP_FORBIDDEN');
    const { organization_id: organization } = await mirrorPartner(store, db, caller, name);
    note({ linked: organization });
    return { state: 'ENABLED', vendor_tenant_id: organization, acronis_tenant_id: caller.tenantId };
  },
};

const partnerReset: MirroredHandler<'partner.mirroring.reset'> = {
  name: 'partner.mirroring.reset',
  async run({ db, note, ...caller }) {
    note({ unlinked: idsOf(await unmirrorPartner(db, caller)) });
    return undefined;
  },
};

const customerState: MirroredHandler<'customer.mirroring.get_state'> = {
  name: 'customer.mirroring.get_state',
  run: async ({ db, tenantId, topologyLimit }) => {
    const rows = (await mirroredCustomers(db, { tenantId })).map((row) => ({
      vendor_tenant_id: row.organization_id,
      acronis_tenant_id: row.acronis_tenant_id,
    }));
    return fitting(rows, topologyLimit);
  },
};

const customerSet: MirroredHandler<'customer.mirroring.set_state'> = {
  name: 'customer.mirroring.set_state',
  async run({ store, db, payload, note, ...caller }) {
    if (payload.partner_tenant_id.toLowerCase() !== caller.tenantId) throw CyberappError('CYBERAPP_FORBIDDEN');
    const enabled = (payload.enabled ?? []).map((one) => ({ id: one.acronis_tenant_id.toLowerCase(), name: one.acronis_tenant_name }));
    const disabled = (payload.disabled ?? []).map((one) => one.acronis_tenant_id.toLowerCase());
    await mirrorCustomers(store, db, caller, { enabled, disabled });
    note({ enabled: enabled.length, disabled: disabled.length });
    return undefined;
  },
};

const all = [partnerState, partnerEnable, partnerReset, customerState, customerSet];

/** Mirrored enablement (cyberapp 2.12): Acronis' partners and customers become organizations here. */
export const mirroredHandlers: ReadonlyMap<CallbackName, MirroredHandler> = new Map(
  all.map((handler) => [handler.name, handler as unknown as MirroredHandler]),
);
