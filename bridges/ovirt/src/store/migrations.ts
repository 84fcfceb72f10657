import type { Migration } from '@fairlead/kernel/store';
import { readMigrations } from './read-migrations.ts';
import { toldMigrations } from './told-tables.ts';
import { writeMigrations } from './write-migrations.ts';

/** Every table of this bridge, oldest first. */
export const migrations: readonly Migration[] = [...readMigrations, ...writeMigrations, ...toldMigrations];
