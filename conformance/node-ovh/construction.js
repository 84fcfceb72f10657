import { equal, throws } from 'node:assert/strict';

/** What this package takes, and how it finds its host. */
export async function construction(run) {
  const { application_key: appKey, application_secret: appSecret } = run.settings;
  const pair = { appKey, appSecret };
  await run.step('no method, two methods and halves of one are refused', () => {
    throws(() => run.bare({}), /Missing authentication/);
    throws(() => run.bare({ ...pair, clientID: 'a', clientSecret: 'b', endpoint: 'ovh-eu' }), /Cannot use both/);
    for (const half of [{ appKey }, { appSecret }]) throws(() => run.bare(half), /Both application key and application secret/);
    for (const half of [{ clientID: 'a' }, { clientSecret: 'b' }])
      throws(() => run.bare({ ...half, endpoint: 'ovh-eu' }), /Both clientID and clientSecret/);
  });
  await run.step('names and aliases of endpoints', () => {
    for (const endpoint of ['sys-ca', 'soyoustart-ca']) {
      const { host, port, basePath } = run.bare({ ...pair, endpoint });
      equal(`${host}:${port}${basePath}`, 'ca.api.soyoustart.com:443/1.0');
    }
    throws(() => run.bare({ ...pair, endpoint: 'eu-ovh' }), /Unknown API eu-ovh/);
    throws(() => run.bare({ endpoint: 'sys-eu', clientID: 'a', clientSecret: 'b' }), /does not support OAuth2/);
  });
  await run.step('a host, a port and a base path of its own', async () => {
    const client = run.client({ basePath: '/v1' });
    equal((await client.requestPromised('GET', '/me')).nichandle, 'ab12345-ovh');
  });
}
