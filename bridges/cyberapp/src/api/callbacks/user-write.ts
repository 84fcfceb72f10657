import { createPageUser } from '../../service/tenant-users.ts';
import type { Handler } from './handler.ts';

/** Makes a user of the page's organization, who has no password and cannot log in yet (cyberapp 2.9). */
export const userWrite: Handler<'user_write'> = {
  name: 'user_write',
  async run({ store, db, caller, payload: { login, name, email }, note }) {
    const user = await createPageUser(store, db, caller, { login, name, email });
    note({ user: user.id });
    return undefined;
  },
};
