import { isObject } from '../../codec/read.ts';
import type { App } from '../world/apps.ts';
import type { Accepted } from './driver-options.ts';

/** Lets an app's client act on the tenants whose enablement a handler has accepted: the app begins with `enabledFor: []`. */
export function following(app: App): (accepted: Accepted) => void {
  return ({ name, tenantId, payload }) => {
    const named = isObject(payload) && typeof payload.acronis_tenant_id === 'string' ? payload.acronis_tenant_id : tenantId;
    if (name === 'enablement.write' || name === 'partner.mirroring.enable') app.enable(named);
    if (name === 'enablement.reset' || name === 'partner.mirroring.reset') app.disable(tenantId);
  };
}
