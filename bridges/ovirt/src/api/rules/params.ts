import { isUuid } from '@fairlead/kernel/ids';
import { OvirtError } from '../../errors.ts';
import type { Route } from '../route.ts';

/** CloudStack takes its internal row numbers as ids, so nothing but a UUID goes on (ovirt 3.7): 400 for the first, 404 below it. */
export function requireUuids(route: Route, params: Readonly<Record<string, string>>): void {
  for (const [index, [name, id]] of Object.entries(params).entries()) {
    if (route.freeParams?.includes(name) || isUuid(id)) continue;
    throw index === 0 ? OvirtError('OVIRT_BAD_ID', { id: id.slice(0, 80) }) : OvirtError('OVIRT_NOT_FOUND', { id: id.slice(0, 80) });
  }
}
