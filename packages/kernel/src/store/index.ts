export { kernelMigrations } from './kernel-migrations.ts';
export { pingStore, type QueryListener, type QueryOperation, storeTime } from './kysely-store.ts';
export { type Migration, migrate, pendingMigrations } from './migrate.ts';
export { openStore, type StoreOptions } from './open.ts';
export { RepeatedQuery } from './repeated-query.ts';
export { column, type Dialect, type Store } from './store.ts';
