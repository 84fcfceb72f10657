import type { Migration } from '@fairlead/kernel/store';

/** Migrations of the tables in `write-tables.ts`, oldest first. */
export const writeMigrations: readonly Migration[] = [];
