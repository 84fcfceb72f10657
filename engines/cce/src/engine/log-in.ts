import { createHmac, randomBytes } from 'node:crypto';
import { isUsableCrypt, NOBODY_CRYPT, verifyCrypt } from '../crypt/index.ts';
import type { SessionUser } from '../engine-contract.ts';
import type { EngineCore } from './core.ts';
import { objectsWith } from './search.ts';
import { effectiveValue, type ObjectState } from './values.ts';
import { View } from './view.ts';

/** A password that was right a moment ago needs no second hash, so that it does not wait behind those that are guessed. */
const REMEMBERED = 1000;
const processKey = randomBytes(32);
const right = new Set<string>();

/** Who has shown the password of this hash. */
export interface LoggedIn extends SessionUser {
  readonly hash: string;
}

/** The User whose password it is (cce 1.7 AUTH): the first of the name, when it is enabled. Takes as long for users that are not there. */
export async function logIn(core: EngineCore, user: string, password: string, signal?: AbortSignal): Promise<LoggedIn | undefined> {
  const view = new View(core, undefined);
  const found = await enabledUser(core, view, user);
  const kept = found ? userValue(view, found, 'crypt_password') : '';
  const hash = isUsableCrypt(kept) ? kept : NOBODY_CRYPT;
  const key = memoryKey(hash, password);
  if (!right.has(key)) {
    // All that are nobody wait in one queue: whoever makes up names holds up none that there are.
    const fits = await core.passwordTurns.take(found ? user : '', signal, () => verifyCrypt(hash, password, { signal }));
    if (!fits) return undefined;
    remember(key);
  }
  if (!found) return undefined;
  return { oid: found.oid, name: user, hash };
}

/**
 * A session for who has just logged in. Whoever changes the password or disables the user ends the sessions that there are then: if that came
 * between the look at the password and this one, it is ended here, and there is none.
 */
export async function beginSession(core: EngineCore, user: LoggedIn): Promise<string | undefined> {
  const sessionId = await core.sessions.issue({ oid: user.oid, name: user.name });
  const view = new View(core, undefined);
  const now = await view.committed(user.oid);
  if (now && isUser(view, now, user.name) && userValue(view, now, 'crypt_password') === user.hash) return sessionId;
  await core.sessions.revoke(sessionId);
  return undefined;
}

/**
 * The User of a living session that is that user's (cce 1.7 AUTHKEY), when it is still there and enabled. `reads` are loaded into the view together
 * with it.
 */
export async function findSessionUser(
  core: EngineCore,
  { user, sessionId }: { readonly user: string; readonly sessionId: string },
  view = new View(core, undefined),
  reads: readonly number[] = [],
): Promise<SessionUser | undefined> {
  const session = await core.sessions.verify(sessionId);
  if (!session || session.name !== user) return undefined;
  await view.load([session.oid, ...reads]);
  const found = await view.committed(session.oid);
  if (!found || !isUser(view, found, user)) return undefined;
  return { oid: session.oid, name: user };
}

/** The first User of a name, when it is enabled. `reads` are loaded into the view together with one that was found before. */
export async function enabledUser(
  core: EngineCore,
  view: View,
  name: string,
  reads: readonly number[] = [],
): Promise<ObjectState | undefined> {
  const state = (await formerUser(core, view, name, reads)) ?? (await firstUser(core, view, name));
  return state && isEnabled(view, state) ? state : undefined;
}

/** The one that had the name before, if it still has: where a name can exist once, nobody has to search. */
async function formerUser(core: EngineCore, view: View, name: string, reads: readonly number[]): Promise<ObjectState | undefined> {
  const oid = core.userOids.get(name);
  if (oid === undefined || !view.schema.classes.get('User')?.namespaces.get('')?.uniqueIndexes.has('name')) return undefined;
  await view.load([oid, ...reads]);
  const state = await view.committed(oid);
  return state?.class === 'User' && userValue(view, state, 'name') === name ? state : undefined;
}

async function firstUser(core: EngineCore, view: View, name: string): Promise<ObjectState | undefined> {
  for await (const state of objectsWith(core, view, { class: 'User', namespace: '', property: 'name', value: name })) {
    if (core.userOids.size >= REMEMBERED) core.userOids.clear();
    core.userOids.set(name, state.oid);
    return state;
  }
  return undefined;
}

/** Whether it still is the User of that name, and enabled. */
function isUser(view: View, state: ObjectState, name: string): boolean {
  return state.class === 'User' && userValue(view, state, 'name') === name && isEnabled(view, state);
}

function isEnabled(view: View, state: ObjectState): boolean {
  const enabled = userValue(view, state, 'enabled');
  return enabled !== '' && enabled !== '0';
}

function userValue(view: View, state: ObjectState, name: string): string {
  return effectiveValue(view.schema.classes.get('User')?.namespaces.get(''), state, name) ?? '';
}

function memoryKey(hash: string, password: string): string {
  return createHmac('sha256', processKey).update(`${hash}\n${password}`).digest('base64url');
}

function remember(key: string): void {
  right.add(key);
  for (const oldest of right) {
    if (right.size <= REMEMBERED) return;
    right.delete(oldest);
  }
}
