import { pageStatus } from '../../service/page-inventory.ts';
import type { Handler } from './handler.ts';

/** How pushing goes for the open page (cyberapp 2.9); offered with `inventory_callbacks`. */
export const connectorStatusRead: Handler<'connector_status_read'> = {
  name: 'connector_status_read',
  async run({ db, caller }) {
    const { lastRunMs, lastError, ...counts } = await pageStatus(db, caller);
    return {
      ...counts,
      ...(lastRunMs !== undefined && { last_run: new Date(lastRunMs).toISOString() }),
      ...(lastError !== undefined && { last_error: lastError.slice(0, 200) }),
    };
  },
};
