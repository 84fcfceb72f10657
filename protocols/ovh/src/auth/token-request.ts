import type { BuiltRequest } from '../codec/call.ts';

/** RFC 6749 2.3.1: `basic` in a header, `body` as parameters, as the official guide shows it. */
export type ClientAuthentication = 'basic' | 'body';

/** What identifies a service account. */
export interface ServiceAccount {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The request for an access token by client credentials (spec 3.8). The scope `all` is mandatory. */
export function buildTokenRequest(tokenUrl: string, account: ServiceAccount, style: ClientAuthentication): BuiltRequest {
  const grant = 'grant_type=client_credentials&scope=all';
  const { clientId, clientSecret } = account;
  const inBody = `&client_id=${formEncode(clientId)}&client_secret=${formEncode(clientSecret)}`;
  const body = Buffer.from(style === 'basic' ? grant : grant + inBody, 'ascii');
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(body.length),
  };
  if (style === 'basic') headers.Authorization = basicCredentials(account);
  return { method: 'POST', url: tokenUrl, headers, body };
}

/** RFC 6749 2.3.1: both parts are form-encoded before RFC 7617 joins them. */
function basicCredentials({ clientId, clientSecret }: ServiceAccount): string {
  return `Basic ${Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`, 'ascii').toString('base64')}`;
}

function formEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+');
}
