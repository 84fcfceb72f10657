import type { CallbackName } from '@fairlead/acronis/codec';
import { connectorStatusRead } from './connector-status-read.ts';
import { enablementRead } from './enablement-read.ts';
import { enablementReset } from './enablement-reset.ts';
import { enablementWrite } from './enablement-write.ts';
import type { Handler } from './handler.ts';
import { inventoryRead } from './inventory-read.ts';
import { resetPassword } from './reset-password.ts';
import { tenantMappingRead } from './tenant-mapping-read.ts';
import { tenantMappingWrite } from './tenant-mapping-write.ts';
import { topologyRead } from './topology-read.ts';
import { userDelete } from './user-delete.ts';
import { userUpdate } from './user-update.ts';
import { userWrite } from './user-write.ts';
import { usersRead } from './users-read.ts';

const all = [
  enablementRead,
  enablementWrite,
  enablementReset,
  topologyRead,
  tenantMappingRead,
  tenantMappingWrite,
  usersRead,
  userWrite,
  userUpdate,
  userDelete,
  resetPassword,
  inventoryRead,
  connectorStatusRead,
];

/** Who answers which callback; a new one is a file beside this and a row here. */
export const handlers: ReadonlyMap<CallbackName, Handler> = new Map(all.map((handler) => [handler.name, handler as unknown as Handler]));
