import { deletePageUser } from '../../service/tenant-users.ts';
import type { Handler } from './handler.ts';

/** Removes a user of the page's organization; one who is not there is gone already (cyberapp 2.9). */
export const userDelete: Handler<'user_delete'> = {
  name: 'user_delete',
  async run({ store, db, caller, payload: { id }, note }) {
    const gone = await deletePageUser(store, db, caller, id);
    note({ user: id.slice(0, 64), removed: gone !== undefined });
    return undefined;
  },
};
