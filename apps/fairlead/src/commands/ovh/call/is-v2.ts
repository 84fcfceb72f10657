import type { OvhClient } from '@fairlead/ovh';

/** Whether a path is of the branch whose lists come in pages. */
export function isV2(client: OvhClient, path: string): boolean {
  const route = path.replace(/^https?:\/\/[^/?]*/i, '');
  const [, first] = (route.startsWith('/') ? route : `/${route}`).split(/[/?]/, 2);
  return first === 'v2' || (client.endpoint.baseUrl.endsWith('/v2') && first !== 'v1' && first !== '1.0');
}
