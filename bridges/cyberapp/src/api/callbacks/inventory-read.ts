import { pageInventory } from '../../service/page-inventory.ts';
import { fitting } from './fitting.ts';
import type { Handler } from './handler.ts';

const MOST = 5000;

/** What the connector shows for the open page (cyberapp 2.9); offered with `inventory_callbacks`. */
export const inventoryRead: Handler<'inventory_read'> = {
  name: 'inventory_read',
  run: async ({ db, caller }) => ({ items: fitting(await pageInventory(db, caller), MOST) }),
};
