import { loginKey } from '@fairlead/acronis/codec';
import { CyberappError } from '../errors.ts';

export interface UserFields {
  readonly login: string;
  readonly name: string;
  readonly email: string;
}

const EMAIL = /^[^\s@]+@[^\s@]+$/;

/** Throws CYBERAPP_USER_INVALID with the member in `detail.field` (cyberapp 2.9). */
export function checkUserFields(fields: Partial<UserFields>): void {
  const { login, name, email } = fields;
  if (login !== undefined) check('login', isLogin(login), 'A login has 1 to 255 characters, no colon, and no space around it');
  if (name !== undefined) check('name', isText(name, 1, 255), 'A name has 1 to 255 characters');
  if (email !== undefined)
    check('email', isText(email, 3, 254) && EMAIL.test(email), 'An e-mail address has 3 to 254 characters and one @');
}

function isLogin(login: string): boolean {
  return isText(login, 1, 255) && isText(loginKey(login), 1, 255) && !loginKey(login).includes(':') && login.trim() === login;
}

function isText(text: string, least: number, most: number): boolean {
  const { length } = [...text];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  return length >= least && length <= most && !/[\u0000-\u001f\u007f]/.test(text) && text.isWellFormed();
}

function check(field: keyof UserFields, isGood: boolean, reason: string): void {
  if (!isGood) throw CyberappError('CYBERAPP_USER_INVALID', { reason, field, declared: 'invalid_field' });
}
