import { ApiError } from './api-error.ts';
import type { Cloud } from './cloud.ts';
import { errorReply } from './dispatch.ts';
import { logIn, logOut } from './login.ts';
import { type FakeRequest, paramOf } from './request.ts';
import type { WireReply } from './server.ts';
import type { Sessions } from './sessions.ts';
import { JSON_TYPE, toWire } from './wire.ts';

/** `login`: only by POST; every refusal sets a `JSESSIONID` that is worth nothing. */
export function loginReply(cloud: Cloud, sessions: Sessions, request: FakeRequest): WireReply {
  const junk = { 'Set-Cookie': ['JSESSIONID=node0none; Path=/client'] };
  const json = paramOf(request, 'response') === 'json';
  if (request.method !== 'POST')
    return { status: 405, contentType: JSON_TYPE, body: 'Please use HTTP POST to authenticate using this API', headers: junk };
  try {
    const session = logIn(cloud, sessions, request);
    if (session === undefined) return { status: 531, contentType: JSON_TYPE, body: 'null', headers: junk };
    const cookies = [`JSESSIONID=${session.id}; Path=/client`, `sessionkey=${session.key};HttpOnly;SameSite=Lax`];
    const reply = toWire({ status: 200, envelope: 'loginresponse', inner: sessions.view(session) }, json);
    return { ...reply, headers: { 'Set-Cookie': cookies } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...toWire(errorReply(error, 'loginresponse'), json), headers: junk };
  }
}

/** `logout`: takes the cookies back. */
export function logoutReply(sessions: Sessions, request: FakeRequest): WireReply {
  const json = paramOf(request, 'response') === 'json';
  try {
    logOut(sessions, request);
    const ended = [
      'JSESSIONID=; Expires=Thu, 01-Jan-1970 00:00:00 GMT; Max-Age=0',
      'sessionkey=; Expires=Thu, 01-Jan-1970 00:00:00 GMT; Max-Age=0',
    ];
    const reply = toWire({ status: 200, envelope: 'logoutresponse', inner: { description: 'success' } }, json);
    return { ...reply, headers: { 'Set-Cookie': ended } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return toWire(errorReply(error, 'logoutresponse'), json);
  }
}
