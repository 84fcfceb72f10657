import { listOf, number, required, shape, text } from './shape.ts';
import { readUser } from './user.ts';

/** An account. `accounttype` 0 user, 1 root admin, 2 domain admin. */
export const readAccount = shape('account', {
  id: required(text),
  name: required(text),
  accounttype: number,
  roletype: text,
  rolename: text,
  domainid: text,
  domain: text,
  domainpath: text,
  state: text,
  user: listOf(readUser),
});
/** An account. `accounttype` 0 user, 1 root admin, 2 domain admin. */
export type Account = ReturnType<typeof readAccount>;
