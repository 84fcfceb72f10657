import { type Answer, jsonAnswer } from '../http/answer.ts';
import type { App } from '../world/apps.ts';
import type { OpenRoute, OpenVisit } from './route.ts';

/** CyberApp 4.2: tokens of API clients, and the keys of request tokens. */
export const identityRoutes: readonly OpenRoute[] = [
  { name: 'token', method: 'POST', path: /^\/(?:bc|api\/2)\/idp\/token$/, open: true, run: issue },
  { name: 'token.revoke', method: 'POST', path: /^\/api\/2\/idp\/revoke_token$/, open: true, run: revoke },
  { name: 'keys', method: 'GET', path: /^\/api\/idp\/v1\/keys$/, open: true, run: keys },
];

function issue({ world, call, datacenter, fault }: OpenVisit): Answer {
  const form = formOf(call.headers['content-type'], call.text);
  if (form?.get('grant_type') !== 'client_credentials') return failure(400, 'invalid_request', 'grant_type has to be client_credentials');
  const app = clientOf(world.apps, call.headers.authorization, form);
  if (app === undefined) return failure(401, 'access_denied', 'The client is not known or its secret is wrong.');
  const { clock, tokens, unsettled, recorder } = world;
  const lifeS = fault?.kind === 'shortToken' ? fault.seconds : unsettled.tokenLifeS;
  const skewMs = fault?.kind === 'clockSkew' ? fault.ms : 0;
  const token = tokens.issue(app, datacenter, lifeS * 1000);
  recorder.guard(token.text);
  return jsonAnswer(200, {
    access_token: token.text,
    token_type: 'bearer',
    ...(fault?.kind === 'noExpiry' ? {} : { expires_on: Math.floor((clock.now() + skewMs) / 1000) + lifeS }),
    ...(unsettled.expiresIn ? { expires_in: lifeS } : {}),
    id_token: `id.${token.text.slice(-12)}`,
  });
}

function clientOf(apps: readonly App[], authorization: string | undefined, form: URLSearchParams): App | undefined {
  const [id, secret] = basicOf(authorization) ?? [form.get('client_id'), form.get('client_secret')];
  return apps.find(({ clientId, clientSecret }) => clientId === id && clientSecret === secret);
}

function basicOf(authorization: string | undefined): readonly [string, string] | undefined {
  const [, code] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '') ?? [];
  if (code === undefined) return undefined;
  const text = Buffer.from(code, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
}

function formOf(contentType: string | undefined, text: string): URLSearchParams | undefined {
  return /^application\/x-www-form-urlencoded *(;|$)/i.test(contentType ?? '') ? new URLSearchParams(text) : undefined;
}

function failure(status: number, error: string, description: string): Answer {
  return jsonAnswer(status, { error, error_description: description });
}

function revoke({ world, call }: OpenVisit): Answer {
  const token = formOf(call.headers['content-type'], call.text)?.get('token');
  if (token) world.tokens.revoke(token);
  return jsonAnswer(200, {});
}

async function keys({ world, fault }: OpenVisit): Promise<Answer> {
  if (fault?.kind === 'rotateKeys') world.keys.rotate();
  const listed = await world.keys.published();
  return jsonAnswer(200, { keys: listed.map(({ published }) => published) });
}
