import { enablementOf } from '../../service/enablement.ts';
import type { Handler } from './handler.ts';

/** Which organization calls, and which tenant it is linked to: another data center's link is told too, so that Acronis refuses a second one (cyberapp 2.8.1). */
export const enablementRead: Handler<'enablement.read'> = {
  name: 'enablement.read',
  async run({ db, caller }) {
    const mapping = await enablementOf(db, caller);
    const ids = { vendor_tenant_id: caller.organization.id };
    return mapping === undefined ? ids : { ...ids, acronis_tenant_id: mapping.acronis_tenant_id };
  },
};
