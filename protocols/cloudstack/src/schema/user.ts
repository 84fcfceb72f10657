import { flag, number, required, shape, text } from './shape.ts';

/** A user. `accounttype` 0 user, 1 root admin, 2 domain admin. */
export const readUser = shape('user', {
  id: required(text),
  username: required(text),
  firstname: text,
  lastname: text,
  email: text,
  state: text,
  account: text,
  accountid: text,
  accounttype: number,
  roletype: text,
  rolename: text,
  domainid: text,
  domain: text,
  is2faenabled: flag,
});
/** A user. `accounttype` 0 user, 1 root admin, 2 domain admin. */
export type User = ReturnType<typeof readUser>;
