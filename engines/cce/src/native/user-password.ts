import { bytesFromText } from '@fairlead/cscp/codec';
import { hashCrypt, hashMd5Crypt, MAX_PASSWORD_BYTES } from '../crypt/index.ts';
import type { HandlerSession } from './handler-session.ts';
import { tag } from './tag.ts';

/** Fits no password: the field is kept for clients that look whether it is there. */
export const NO_HASH = '*';

/** A password becomes its hash and is forgotten (cce 4.8). */
export function userPassword(legacyMd5: boolean): (session: HandlerSession) => Promise<void> {
  return async (session) => {
    const password = (await session.read(session.oid)).now('password');
    if (password === '') return;
    if (bytesFromText(password).length > MAX_PASSWORD_BYTES)
      await session.refuse([{ key: 'password', message: tag('base-cce.invalidData') }]);
    await session.set(session.oid, '', await passwordValues(password, { legacyMd5, signal: session.signal }));
  };
}

/** What a User holds after its password was set: properties of the default namespace. */
export async function passwordValues(
  password: string,
  options: { readonly legacyMd5?: boolean; readonly signal?: AbortSignal; readonly salt?: string } = {},
): Promise<{ readonly password: ''; readonly crypt_password: string; readonly md5_password: string }> {
  const { legacyMd5 = false, signal, salt } = options;
  return {
    password: '',
    crypt_password: await hashCrypt(password, { signal, salt }),
    md5_password: legacyMd5 ? await hashMd5Crypt(password, { signal }) : NO_HASH,
  };
}
