import { type Callback, type CallbackRow, finish, idOf, MAX_MAPPINGS } from './callback.ts';
import { array, object, string, tenantName, uuid } from './schema.ts';

const request = (name: string): string => idOf('request', 'v1.1', `a.p.${name}`);
const response = (name: string): string => idOf('response', 'v1.1', `a.p.${name}.ok`);

const state = { type: 'string', enum: ['ENABLED', 'DISABLED'] };
/** Values of form fields by their id. */
const settings = { type: 'object' };

/** CyberApp 2.12: the callbacks of an app whose accounts are made from the tenants of Acronis. The request token is the only proof. */
const ROWS: readonly Omit<CallbackRow, 'caller' | 'requestType' | 'responseType'>[] = [
  {
    name: 'partner.mirroring.get_state',
    effect: 'read',
    response: object({ state }, { settings }),
    aliases: [idOf('callback', 'v1.0', 'a.p.partner.mirroring.get_state')],
  },
  {
    name: 'partner.mirroring.enable',
    effect: 'write',
    request: object({ acronis_tenant_id: uuid, acronis_tenant_name: tenantName }, { settings }),
    response: object({ state, vendor_tenant_id: string, acronis_tenant_id: uuid }),
  },
  { name: 'partner.mirroring.reset', effect: 'write' },
  {
    name: 'customer.mirroring.get_state',
    effect: 'read',
    response: array(object({ vendor_tenant_id: string, acronis_tenant_id: uuid }, { settings })),
  },
  {
    name: 'customer.mirroring.set_state',
    effect: 'write',
    request: object(
      { partner_tenant_id: uuid, partner_tenant_name: tenantName },
      {
        enabled: array(object({ acronis_tenant_id: uuid, acronis_tenant_name: tenantName }, { settings }), MAX_MAPPINGS),
        disabled: array(object({ acronis_tenant_id: uuid }), MAX_MAPPINGS),
      },
    ),
    large: true,
  },
];

export const mirroredCallbacks: readonly Callback[] = ROWS.map((row) => {
  const { name } = row;
  const whole = { ...row, caller: 'token', requestType: request(name), responseType: response(name) } as const;
  return finish(whole, 'mirrored', idOf('callback', 'v2.0', `a.p.${name}`));
});
