import { type Callback, type CallbackRow, finish, idOf, MAX_MAPPINGS } from './callback.ts';
import { array, closed, integer, object, string, uuid, vendorTenant } from './schema.ts';

const request = (name: string): string => idOf('request', 'v1.0', `a.p.${name}`);
const response = (name: string): string => idOf('response', 'v1.0', `a.p.${name}`);

const NO_CONTENT = response('success_no_content');

const partner = { caller: 'partner' } as const;

const paging = {
  anyOf: [closed({ offset: integer, limit: integer, total_count: integer }), closed({}, { before: string, after: string })],
};

/** CyberApp 2.8: the callbacks of an app whose partners have accounts with us. */
const ROWS: readonly CallbackRow[] = [
  {
    ...partner,
    name: 'enablement.read',
    effect: 'read',
    responseType: response('enablement.read.ok'),
    response: closed({ vendor_tenant_id: string }, { acronis_tenant_id: uuid }),
  },
  {
    ...partner,
    name: 'enablement.write',
    effect: 'write',
    requestType: request('enablement.write'),
    request: object({ vendor_tenant_id: vendorTenant, acronis_tenant_id: uuid }),
    responseType: NO_CONTENT,
  },
  { ...partner, name: 'enablement.reset', effect: 'write', responseType: NO_CONTENT },
  {
    ...partner,
    name: 'topology.read',
    effect: 'read',
    requestType: request('topology.read'),
    responseType: response('topology.read.ok'),
    response: closed({ items: array(closed({ id: string, name: string })) }, { paging }),
  },
  {
    ...partner,
    name: 'tenant_mapping.read',
    effect: 'read',
    responseType: response('tenant_mapping.read.ok'),
    response: closed({ items: array(object({ vendor_tenant_id: string }, { acronis_tenant_id: uuid })) }),
  },
  {
    ...partner,
    name: 'tenant_mapping.write',
    effect: 'write',
    requestType: request('tenant_mapping.write'),
    // Absent, null and empty all unlink.
    request: object({
      modified: array(
        object({ vendor_tenant_id: vendorTenant }, { acronis_tenant_id: { anyOf: [uuid, { enum: ['', null] }] } }),
        MAX_MAPPINGS,
      ),
    }),
    responseType: NO_CONTENT,
    large: true,
  },
];

export const mappedCallbacks: readonly Callback[] = ROWS.map((row) => finish(row, 'mapped', idOf('callback', 'v1.0', `a.p.${row.name}`)));
