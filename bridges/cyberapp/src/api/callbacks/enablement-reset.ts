import { disable } from '../../service/enablement.ts';
import type { Handler } from './handler.ts';
import { idsOf } from './ids-of.ts';

/** Unlinks the calling organization and the customers that were linked with its credentials (cyberapp 2.8.3). */
export const enablementReset: Handler<'enablement.reset'> = {
  name: 'enablement.reset',
  async run({ store, db, caller, note }) {
    note({ unlinked: idsOf(await disable(store, db, caller)) });
    return undefined;
  },
};
