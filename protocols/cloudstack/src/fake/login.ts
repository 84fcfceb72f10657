import { ApiError, serverApi } from './api-error.ts';
import type { Cloud } from './cloud.ts';
import type { Domain } from './model.ts';
import { type FakeRequest, paramOf } from './request.ts';
import type { Session, Sessions } from './sessions.ts';

/**
 * Checks name and password; undefined without a user name, where the server answers the JSON text `null`.
 * @throws ApiError 531
 */
export function logIn(cloud: Cloud, sessions: Sessions, request: FakeRequest): Session | undefined {
  const username = paramOf(request, 'username');
  if (username === undefined) return undefined;
  const domain = domainOf(cloud, request);
  if (domain === undefined) throw refused('Unable to find the domain from the path');
  const user = cloud.users.find((row) => row.username === username && row.account.domain === domain);
  if (user === undefined || user.password !== paramOf(request, 'password'))
    throw refused(`Failed to authenticate user ${username} in domain ${domain.n}; please provide valid credentials`);
  if (!user.enabled || user.locked || user.account.state !== 'enabled')
    throw refused(`User ${username} (or their account) in domain ${domain.name} is disabled/locked. Please contact the administrator.`);
  return sessions.open(user);
}

/** @throws ApiError 431 without a session, 401 when its parts do not fit */
export function logOut(sessions: Sessions, request: FakeRequest): Session {
  const session = sessions.use(request.cookies, paramOf(request, 'sessionkey'));
  if (session === undefined) throw serverApi(431, 'Session not found for the logout process.');
  sessions.end(session);
  return session;
}

/** `a`, `/a` and `/a/`, not `ROOT/a`; nothing and `/` are the root. */
function domainOf(cloud: Cloud, request: FakeRequest): Domain | undefined {
  const id = paramOf(request, 'domainid');
  if (id !== undefined) return cloud.domains.find((row) => row.id === id);
  const path = (paramOf(request, 'domain') ?? '').split('/').filter((part) => part !== '');
  return cloud.domains.find((row) => row.path === ['ROOT', ...path].join('/'));
}

function refused(errortext: string): ApiError {
  return new ApiError(531, undefined, errortext);
}
