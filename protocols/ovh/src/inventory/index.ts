export { FileCache } from './cache/file-cache.ts';
export { type CacheOptions, MemoryCache } from './cache/memory-cache.ts';
export { type Expiring, type ExpiringOptions, readExpiring } from './expiring.ts';
export { formatInventory, type InventoryFormat } from './format/format.ts';
export type { ExpiringService } from './map/expiring.ts';
export type { CacheEntry, InventoryCache, InventoryClient, InventoryOptions, InventoryProgress } from './options.ts';
export { readInventory } from './read-inventory.ts';
export type * from './record.ts';
export { INVENTORY_RULES } from './rules.ts';
