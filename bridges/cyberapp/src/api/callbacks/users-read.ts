import { pageUsers } from '../../service/tenant-users.ts';
import { fitting } from './fitting.ts';
import type { Handler } from './handler.ts';

const MOST = 5000;

/** Users of the open page. `limit` and `offset` come only where the app version declares them, and then the answer tells how many there are (cyberapp 2.9). */
export const usersRead: Handler<'users_read'> = {
  name: 'users_read',
  async run({ db, caller, payload }) {
    const users = (await pageUsers(db, caller)).map(({ id, name, email }) => ({ id, name, email }));
    const { limit, offset } = payload ?? {};
    if (limit === undefined && offset === undefined) return { items: fitting(users, MOST) };
    const [from, most] = [offset ?? 0, limit ?? MOST];
    return { items: fitting(users.slice(from), most), paging: { offset: from, limit: most, total_count: users.length } };
  },
};
