import { isBlock } from '../access/addresses.ts';
import { BAD_RULES, parseRules } from '../access/rules.ts';
import type { Credential } from '../access/vault.ts';
import { instant } from '../fake-clock.ts';
import type { Json, Row } from '../json.ts';
import { refuse } from '../refusal.ts';
import { NIC_HANDLE } from '../world/maker.ts';
import type { Asked, Route, World } from './route.ts';

/** 9.2. */
export const authRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/auth/time',
    summary: 'Get the current time of the OVH servers, since UNIX epoch',
    answer: 'long',
    access: 'public',
    run: ({ world }) => Math.floor(world.clock.now() / 1000),
  },
  {
    method: 'POST',
    path: '/auth/credential',
    summary: 'Request a new credential for your application',
    answer: 'auth.Credential',
    access: 'application',
    body: { accessRules: 'auth.AccessRule[]', redirection: 'string?', allowedIPs: 'ipBlock[]?' },
    wrongTypeWords: { accessRules: BAD_RULES },
    fakeQuery: { autoValidate: 'long?' },
    run: requestCredential,
  },
  {
    method: 'GET',
    path: '/auth/currentCredential',
    summary: 'Get the current credential details',
    answer: 'auth.ApiCredential',
    own: true,
    run: (asked) => credentialRow(asked.world, ownCredential(asked)),
  },
  {
    method: 'POST',
    path: '/auth/logout',
    summary: 'Expire current credential',
    answer: 'void',
    own: true,
    run: (asked) => {
      ownCredential(asked).status = 'expired';
      return null;
    },
  },
  {
    method: 'GET',
    path: '/auth/details',
    summary: 'Get the current authentication details',
    answer: 'auth.details',
    own: true,
    run: details,
  },
];

/** `api.Credential`, as the API shows it. */
export function credentialRow(world: World, credential: Credential): Row {
  const { allowedIPs, rules, expiration, lastUse } = credential;
  return {
    credentialId: credential.credentialId,
    applicationId: credential.applicationId,
    status: world.vault.statusOf(credential),
    creation: instant(credential.creation),
    expiration: expiration === null ? null : instant(expiration),
    lastUse: lastUse === null ? null : instant(lastUse),
    ovhSupport: false,
    allowedIPs: allowedIPs === null ? null : [...allowedIPs],
    rules: rules.map(({ method, path }) => ({ method, path })),
  };
}

/** The blocks of a body's `allowedIPs`. */
export function allowedIps(value: Json | undefined): string[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.map((entry: Json) => {
    if (typeof entry !== 'string' || !isBlock(entry))
      throw refuse.badRequest('Given data is not valid for parameter allowedIPs of type ipBlock[]');
    return entry;
  });
}

function requestCredential({ body, caller, world, call }: Asked): Json {
  if (caller.kind !== 'application') throw refuse.invalidKey();
  const rules = parseRules(body.accessRules);
  const allowed = allowedIps(body.allowedIPs);
  const { autoValidateMs, keysValidFor } = world.settings;
  const wished = call.query.get('autoValidate');
  const credential = world.vault.addCredential({
    applicationId: caller.application.applicationId,
    rules,
    allowedIPs: allowed,
    redirection: redirectionOf(body.redirection),
    autoValidateMs: wished === null ? autoValidateMs : Number(wished),
    lifetime: keysValidFor,
  });
  const validationUrl = `${world.origin}/auth/?credentialToken=${credential.token}`;
  return { validationUrl, consumerKey: credential.consumerKey, state: credential.status };
}

function redirectionOf(value: Json | undefined): string | null {
  if (typeof value !== 'string' || value === '') return null;
  const scheme = URL.parse(value)?.protocol;
  if (scheme !== 'http:' && scheme !== 'https:')
    throw refuse.badRequest('Given data is not valid for parameter redirection of type string');
  return value;
}

function ownCredential({ caller }: Asked): Credential {
  if (caller.kind !== 'credential') throw refuse.badRequest('Only a consumer key has a credential');
  return caller.credential;
}

function details({ caller }: Asked): Json {
  const common = { account: NIC_HANDLE, user: null, roles: [] };
  const identity = `urn:v1:eu:identity:account:${NIC_HANDLE}`;
  if (caller.kind === 'client') {
    const identities = [identity, identityOf(caller.client.clientId)];
    return {
      ...common,
      method: 'oauth2',
      identities,
      description: caller.client.description,
      allowedRoutes: [{ method: '*', path: '/*' }],
    };
  }
  if (caller.kind !== 'credential') throw refuse.notLoggedIn();
  const allowedRoutes = caller.credential.rules.map(({ method, path }) => ({ method, path }));
  return { ...common, method: 'account', identities: [identity], description: caller.application.description, allowedRoutes };
}

/** The identity of a service account. */
export function identityOf(clientId: string): string {
  return `urn:v1:eu:identity:credential:${NIC_HANDLE}/oauth2-${clientId}`;
}
