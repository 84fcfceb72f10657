import type { Store } from './store.ts';

/** What every store must do; call it with a way to open an empty one. */
export function testStore(_name: string, _open: () => Promise<Store>): void {}
