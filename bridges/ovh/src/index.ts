export { type OvhAccount, ovhAccounts } from './accounts.ts';
export { bridge } from './bridge.ts';
export { openInventory } from './open-inventory.ts';
