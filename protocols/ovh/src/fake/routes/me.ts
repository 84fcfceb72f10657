import type { Application, Credential, OAuth2Client } from '../access/vault.ts';
import { instant } from '../fake-clock.ts';
import type { Json, Row } from '../json.ts';
import { refuse } from '../refusal.ts';
import { allowedIps, credentialRow, identityOf } from './auth.ts';
import { reading, writing } from './lists.ts';
import { type Asked, param, type Route, rowOf, type World } from './route.ts';

const APPLICATION = '/me/api/application/{applicationId}';
const CREDENTIAL = '/me/api/credential/{credentialId}';
const CLIENT = '/me/api/oauth2/client/{clientId}';
const ACCOUNT_BODY = {
  email: 'string?',
  firstname: 'string?',
  name: 'string?',
  organisation: 'string?',
  phone: 'phoneNumber?',
  city: 'string?',
  zip: 'string?',
};

/** The account and what may act for it. */
export const meRoutes: readonly Route[] = [
  reading('/me', 'nichandle.Nichandle', ({ world }) => world.state.account),
  writing('/me', ACCOUNT_BODY, ({ world }) => world.state.account),
  {
    method: 'GET',
    path: '/me/api/application',
    summary: 'List of your API OVH applications',
    answer: 'long[]',
    run: ({ world }) => [...world.vault.applications.values()].map((row) => row.applicationId),
    expand: (id, { world }) => applicationRow(application(world, id)),
  },
  reading(APPLICATION, 'auth.ApiApplication', (asked) => applicationRow(askedApplication(asked))),
  {
    method: 'DELETE',
    path: APPLICATION,
    summary: 'Remove this application. It will revoke all credential belonging to it',
    answer: 'void',
    run: (asked) => {
      asked.world.vault.removeApplication(askedApplication(asked));
      return null;
    },
  },
  {
    method: 'GET',
    path: '/me/api/credential',
    summary: 'List of your API credentials',
    answer: 'long[]',
    query: { applicationId: 'long?', status: 'auth.CredentialStateEnum?' },
    run: credentialIds,
    expand: (id, { world }) => credentialRow(world, credential(world, id)),
  },
  reading(CREDENTIAL, 'auth.ApiCredential', (asked) => credentialRow(asked.world, askedCredential(asked))),
  {
    method: 'PUT',
    path: CREDENTIAL,
    summary: 'Alter this object properties',
    answer: 'void',
    body: { allowedIPs: 'ipBlock[]?' },
    run: (asked) => {
      askedCredential(asked).allowedIPs = allowedIps(asked.body.allowedIPs);
      return null;
    },
  },
  {
    method: 'DELETE',
    path: CREDENTIAL,
    summary: 'Remove this credential',
    answer: 'void',
    run: (asked) => {
      askedCredential(asked).status = 'expired';
      return null;
    },
  },
  {
    method: 'GET',
    path: `${CREDENTIAL}/application`,
    summary: 'Get the application of this credential',
    answer: 'auth.ApiApplication',
    run: (asked) => applicationRow(application(asked.world, String(askedCredential(asked).applicationId))),
  },
  {
    method: 'GET',
    path: '/me/api/oauth2/client',
    summary: 'List your OAuth2 service accounts',
    answer: 'string[]',
    run: ({ world }) => [...world.vault.clients.keys()],
    expand: (id, { world }) => clientRow(rowOf(world.vault.clients, id, 'clientId')),
  },
  {
    method: 'POST',
    path: '/me/api/oauth2/client',
    summary: 'Create an OAuth2 service account',
    answer: 'me.api.oauth2.ClientCreationResponse',
    body: { callbackUrls: 'string[]', flow: 'string', name: 'string', description: 'string' },
    run: createClient,
  },
  reading(CLIENT, 'me.api.oauth2.Client', (asked) => clientRow(askedClient(asked))),
  {
    method: 'PUT',
    path: CLIENT,
    summary: 'Alter this object properties',
    answer: 'void',
    body: { name: 'string?', description: 'string?', callbackUrls: 'string[]?' },
    run: (asked) => {
      const given = Object.entries(asked.body).filter(([, value]) => value !== null);
      Object.assign(askedClient(asked), Object.fromEntries(given));
      return null;
    },
  },
  {
    method: 'DELETE',
    path: CLIENT,
    summary: 'Delete an OAuth2 service account',
    answer: 'void',
    run: (asked) => {
      asked.world.vault.clients.delete(askedClient(asked).clientId);
      return null;
    },
  },
];

function application(world: World, id: string): Application {
  const row = world.vault.applicationById(Number(id));
  if (row === undefined) throw refuse.noObject('applicationId', id);
  return row;
}

function credential(world: World, id: string): Credential {
  const row = world.vault.credentialById(Number(id));
  if (row === undefined) throw refuse.noObject('credentialId', id);
  return row;
}

function askedApplication(asked: Asked): Application {
  return application(asked.world, param(asked, 'applicationId'));
}

function askedCredential(asked: Asked): Credential {
  return credential(asked.world, param(asked, 'credentialId'));
}

function askedClient(asked: Asked): OAuth2Client {
  return rowOf(asked.world.vault.clients, param(asked, 'clientId'), 'clientId');
}

function applicationRow({ applicationId, applicationKey, name, description, status }: Application): Row {
  return { applicationId, applicationKey, name, description, status };
}

function credentialIds({ world, call }: Asked): Json {
  const [status, owner] = [call.query.get('status'), call.query.get('applicationId')];
  return [...world.vault.credentials.values()]
    .filter((row) => (status === null || world.vault.statusOf(row) === status) && (owner === null || String(row.applicationId) === owner))
    .map((row) => row.credentialId);
}

function clientRow(client: OAuth2Client): Row {
  const { clientId, name, description, flow, callbackUrls, createdAt } = client;
  return {
    clientId,
    name,
    description,
    flow,
    callbackUrls: [...callbackUrls],
    identity: identityOf(clientId),
    createdAt: instant(createdAt),
  };
}

function createClient({ world, body }: Asked): Json {
  if (body.flow !== 'CLIENT_CREDENTIALS') throw refuse.badRequest('Only the flow CLIENT_CREDENTIALS is served');
  const client = world.vault.addClient({
    name: String(body.name),
    description: String(body.description),
    callbackUrls: body.callbackUrls as readonly string[],
  });
  return { clientId: client.clientId, clientSecret: client.clientSecret };
}
