import { GatewayError } from '@fairlead/kernel/errors';
import { CONTENT_TYPES, writeResource } from '@fairlead/ovirt/codec';
import type { Parts } from '../service/parts.ts';
import type { Incoming } from './request.ts';
import { authenticate, cookieOf } from './rules/authenticate.ts';
import type { Sent } from './sent.ts';

/** Ends whatever was shown: token, session, kept credential. Never fails (ovirt 3.5): who has nothing is logged out already. */
export async function answerLogout(parts: Parts, incoming: Incoming, cookiePath: string): Promise<Sent> {
  const cookieId = cookieOf(incoming.headers);
  if (cookieId !== undefined) await parts.auth.closeCookie(cookieId);
  if (incoming.headers.authorization !== undefined) await dropShown(parts, incoming, cookiePath);
  const format = incoming.accepted?.format ?? 'xml';
  return { status: 200, contentType: CONTENT_TYPES[format], body: writeResource('action', { status: 'complete' }, format), headers: {} };
}

async function dropShown(parts: Parts, incoming: Incoming, cookiePath: string): Promise<void> {
  const headers = { ...incoming.headers, prefer: undefined, cookie: undefined };
  try {
    await (await authenticate(parts.auth, { ...incoming, headers }, cookiePath)).drop();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}
