import { updatePageUser } from '../../service/tenant-users.ts';
import type { Handler } from './handler.ts';

/** Changes name and address of a user of the page's organization (cyberapp 2.9). */
export const userUpdate: Handler<'user_update'> = {
  name: 'user_update',
  async run({ store, db, caller, payload: { id, name, email }, note }) {
    await updatePageUser(store, db, caller, { id, name, email });
    note({ user: id.slice(0, 64) });
    return undefined;
  },
};
