import { readFileSync } from 'node:fs';
import { createClient } from '@fairlead/ovh';
import { serveLoad } from './ovh-load.ts';

await serveLoad(async ({ url, caFile, applicationKey, applicationSecret, consumerKey, path }) => {
  const keys = { applicationKey, applicationSecret, consumerKey };
  const client = createClient({ endpoint: `${url}/1.0`, ...keys, env: false, files: false, tls: { ca: readFileSync(caFile, 'utf8') } });
  await client.get(path);
  return () => client.get(path);
});
