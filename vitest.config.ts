import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const conditions = ['@fairlead/source', 'node', 'module', 'default'];
const source = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };
const away = ['**/node_modules/**', '**/dist/**', '.tools/**'];

/** Three kinds of tests: see CONTRIBUTING.md. */
export default defineConfig({
  ...source,
  test: {
    // By itself vitest leaves a core free, which on two cores means one file after the other.
    maxWorkers: Math.min(availableParallelism(), 4),
    projects: [
      { ...source, test: { name: 'unit', include: ['**/src/**/*.test.ts'], exclude: away, testTimeout: 30_000 } },
      { ...source, test: { name: 'socket', include: ['**/test/*.test.ts'], exclude: away, testTimeout: 30_000 } },
      { ...source, test: { name: 'live', include: ['**/test/live/*.live.ts'], exclude: away, testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
});
