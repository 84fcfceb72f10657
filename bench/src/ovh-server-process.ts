import { readFileSync } from 'node:fs';
import { FakeOvh } from '@fairlead/ovh/fake';
import { startMinimal } from './ovh-minimal-server.ts';

/** What `ovh-gets.ts` is told by this process, which it starts. */
export interface ServerFacts {
  /** The offline API, and once more for who leaves the port out of what is signed. */
  readonly fake: string;
  readonly fakeWithoutPort: string;
  /** A server of one answer, which checks signatures too. */
  readonly minimal: string;
  readonly keys: { readonly applicationKey: string; readonly applicationSecret: string; readonly consumerKey: string };
}

const [certFile = '', keyFile = ''] = process.argv.slice(2);
const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
const fake = await FakeOvh.start({ tls, logSize: 10 });
const fakeWithoutPort = await FakeOvh.start({ tls, logSize: 10, publicOrigin: 'https://127.0.0.1' });
const minimal = await startMinimal(tls, fake.keys);
const facts: ServerFacts = { fake: fake.url, fakeWithoutPort: fakeWithoutPort.url, minimal, keys: fake.keys };
process.once('disconnect', () => process.exit());
process.send?.(facts);
