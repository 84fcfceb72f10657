import { findPageUser } from '../../service/tenant-users.ts';
import type { Handler } from './handler.ts';

const MOST_OPEN = 5;

/**
 * Asks the operator to give a user a new password: the audit tells him, `fairlead cyberapp user password --token` makes the token.
 * The present password stays good, and an unknown user gets the same answer (cyberapp 2.9).
 */
export const resetPassword: Handler<'reset_password'> = {
  name: 'reset_password',
  async run({ store, db, caller, users, payload: { id }, note }) {
    const user = await findPageUser(store, db, caller, id);
    if (user === undefined) return undefined;
    // A page may be asked for again and again; the operator is told each time.
    if ((await users.openResets(user.id, db)) < MOST_OPEN) await users.newReset(user.id, db);
    note({ user: user.id, reset: true });
    return undefined;
  },
};
