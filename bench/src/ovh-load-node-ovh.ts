import { createRequire } from 'node:module';
import { join } from 'node:path';
import { serveLoad } from './ovh-load.ts';

interface NodeOvh {
  requestPromised(method: string, path: string): Promise<unknown>;
}
type MakeNodeOvh = (settings: object) => NodeOvh;

/** It believes NODE_EXTRA_CA_CERTS alone, and signs without the port: the server's `publicOrigin` has to know. */
await serveLoad(async ({ url, applicationKey, applicationSecret, consumerKey, path, folder }) => {
  const makeClient = createRequire(join(folder, 'package.json'))('@ovhcloud/node-ovh') as MakeNodeOvh;
  const { hostname: host, port } = new URL(url);
  const client = makeClient({ host, port: Number(port), appKey: applicationKey, appSecret: applicationSecret, consumerKey });
  await client.requestPromised('GET', path);
  return () => client.requestPromised('GET', path);
});
