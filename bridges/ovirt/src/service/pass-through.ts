import { CloudStackError, type CloudStackSession, login } from '@fairlead/cloudstack';
import { OvirtError } from '../errors.ts';
import type { Cloud } from './cloud.ts';
import { type Identity, roleOf, splitUser } from './identity.ts';

const WRONG = 'The username or password is incorrect.';

interface Attempt {
  readonly userId: string;
  readonly password: string;
  /** CloudStack domain path; empty means the root domain. */
  readonly domain: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Logs in to CloudStack with the caller's own password, takes the user's keys, and ends the session at once (ovirt 3.7).
 * Throws `OVIRT_LOGIN_REFUSED`; CloudStack's own words never reach the caller: they name internal numbers.
 */
export async function passThrough(cloud: Cloud, attempt: Attempt): Promise<Identity> {
  const { userId, password, domain, signal } = attempt;
  const { name, profile } = splitUser(userId);
  if (name === '' || password === '') throw refused(userId, WRONG);
  const session = await login({ ...cloud.base, username: name, password, domain, signal }).catch((error: unknown) => {
    const isWrong = error instanceof CloudStackError && error.code === 'CLOUDSTACK_LOGIN_FAILED';
    throw isWrong ? refused(userId, WRONG, error) : error;
  });
  try {
    const { user } = session;
    if (user.is2faEnabled) throw refused(userId, 'two-factor authentication is required; use a service account');
    const keys = await session.getUserKeys(user.userId, { signal });
    if (keys === undefined) throw refused(userId, 'the user has no API keys, or may not use them; make a pair for him in CloudStack');
    return { userId, profile, subject: user.userId, account: user.account, domainId: user.domainId, role: roleOf(user.type), ...keys };
  } finally {
    await leave(session);
  }
}

/** A session that cannot be ended ends by itself: not the caller's trouble. */
async function leave(session: CloudStackSession): Promise<void> {
  try {
    await session.logout({ deadlineMs: 5000 });
  } catch {
    session.close();
  }
}

function refused(user: string, text: string, cause?: unknown): Error {
  return OvirtError('OVIRT_LOGIN_REFUSED', { user, text }, cause === undefined ? {} : { cause });
}
