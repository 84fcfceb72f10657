import { type Answer, jsonAnswer } from '../http/answer.ts';
import { type Call, header } from '../http/call.ts';
import type { OAuth2Client, Vault } from './vault.ts';

/** How the token endpoint wants to be asked. */
export interface TokenSettings {
  /** Where the client's id and secret may be. */
  readonly clientAuth: 'both' | 'basic' | 'body';
  /** Seconds. */
  readonly lifetime: number;
}

interface Pair {
  readonly id: string;
  readonly secret: string;
  readonly basic: boolean;
}

/** `POST /auth/oauth2/token` (3.8, RFC 6749 4.4). */
export function tokenAnswer(call: Call, vault: Vault, settings: TokenSettings): Answer {
  if (call.method !== 'POST') return problem(405, 'invalid_request', 'Only POST is served');
  if (!/^application\/x-www-form-urlencoded\b/i.test(header(call, 'content-type') ?? '')) {
    return problem(400, 'invalid_request', 'The body has to be a form');
  }
  const form = new URLSearchParams(call.body.toString('utf8'));
  const pair = pairOf(call, form, settings);
  const client = pair === undefined ? undefined : vault.clients.get(pair.id);
  if (pair === undefined || client === undefined || client.clientSecret !== pair.secret) return unknownClient(pair?.basic ?? false);
  return granted(form, client, vault, settings);
}

function granted(form: URLSearchParams, client: OAuth2Client, vault: Vault, settings: TokenSettings): Answer {
  if (form.get('grant_type') !== 'client_credentials') return problem(400, 'unsupported_grant_type', 'Only client_credentials is served');
  if (form.get('scope') !== 'all') return problem(400, 'invalid_scope', 'The scope has to be "all"');
  const body = {
    access_token: vault.issueToken(client, settings.lifetime),
    token_type: 'Bearer',
    expires_in: settings.lifetime,
    scope: 'all',
  };
  return jsonAnswer(200, body);
}

function pairOf(call: Call, form: URLSearchParams, settings: TokenSettings): Pair | undefined {
  const basic = /^Basic +(\S+)$/i.exec(header(call, 'authorization') ?? '')?.[1];
  if (basic !== undefined) return settings.clientAuth === 'body' ? undefined : basicPair(basic);
  const id = form.get('client_id');
  const secret = form.get('client_secret');
  if (settings.clientAuth === 'basic' || id === null || secret === null) return undefined;
  return { id, secret, basic: false };
}

/** Both halves are form-encoded before they are joined (RFC 6749 2.3.1). */
function basicPair(encoded: string): Pair | undefined {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { id: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)), basic: true };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function unknownClient(basic: boolean): Answer {
  const headers: Record<string, string> = basic ? { 'WWW-Authenticate': 'Basic realm="oauth2"' } : {};
  return problem(basic ? 401 : 400, 'invalid_client', 'Invalid client or client credentials', headers);
}

function problem(status: number, error: string, description: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return jsonAnswer(status, { error, error_description: description }, { 'Cache-Control': 'no-store', ...headers });
}
