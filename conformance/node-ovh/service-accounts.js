import { equal, ok, rejects } from 'node:assert/strict';

const TOKEN = '/auth/oauth2/token';

/** OAuth2: tokens of service accounts. */
export async function serviceAccounts(run) {
  await run.step('one token serves many calls, of v1 and v2, and those below /auth', async () => {
    const client = run.serviceAccount();
    const before = await run.count(TOKEN);
    equal((await client.requestPromised('GET', '/me')).nichandle, 'ab12345-ovh');
    equal((await client.requestPromised('GET', '/v2/iam/policy'))[0].name, 'ovh-default');
    const { identities } = await client.requestPromised('GET', '/auth/details');
    ok(
      identities.some((one) => one.endsWith(`/oauth2-${run.settings.client_id}`)),
      'its identity is missing',
    );
    equal((await run.count(TOKEN)) - before, 1);
  });
  await run.step('a token with 10 seconds left is fetched anew', async () => {
    const before = await run.count(TOKEN);
    await run.setting({ tokenLifetime: 9 }, async () => {
      const client = run.serviceAccount();
      for (let n = 0; n < 3; n += 1) await client.requestPromised('GET', '/me');
    });
    equal((await run.count(TOKEN)) - before, 3);
  });
  await run.step('a wrong secret is told as 401', async () => {
    await rejects(run.serviceAccount({ clientSecret: 'wrong' }).requestPromised('GET', '/me'), ({ error }) => {
      equal(error.statusCode, 401);
      equal(error.message.error, 'invalid_client');
      return true;
    });
  });
  await run.step('a token that the server forgets is not noticed by this package', async () => {
    const client = run.serviceAccount();
    await client.requestPromised('GET', '/me');
    await run.control('clock', { advance: 3700 });
    await rejects(client.requestPromised('GET', '/me'), { error: 401, message: 'The access token is invalid or has expired' });
    await run.control('clock', { advance: -3700 });
  });
  await run.step('an action that IAM does not allow', async () => {
    const path = `clients/${run.settings.client_id}`;
    const client = run.serviceAccount();
    await run.control(path, { actions: ['vps:*'] });
    ok((await client.requestPromised('GET', '/vps')).length > 0, 'an action that is allowed is refused');
    await rejects(client.requestPromised('GET', '/me'), { error: 403, message: 'User not granted for this request' });
    await run.control(path, { actions: ['*'] });
  });
  await run.step('a service account is made, used and deleted by the API', async () => {
    const body = { callbackUrls: ['https://example.com/'], flow: 'CLIENT_CREDENTIALS', name: 'conformance', description: 'of a client' };
    const { clientId: clientID, clientSecret } = await run.admin.requestPromised('POST', '/me/api/oauth2/client', body);
    const client = run.serviceAccount({ clientID, clientSecret });
    await client.requestPromised('GET', '/me');
    await run.admin.requestPromised('DELETE', '/me/api/oauth2/client/{clientId}', { clientId: clientID });
    await rejects(client.requestPromised('GET', '/me'), { error: 401 });
  });
}
