// Drives the fake OVHcloud API with the npm package @ovhcloud/node-ovh, unmodified. Ends with 0 when every step passed.
// The folder in which it is installed is the first word; the settings come as one JSON object on standard input,
// so that no key stands in the list of processes: see conformance/src/fake-ovh.ts.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { calls } from './calls.js';
import { construction } from './construction.js';
import { errors } from './errors.js';
import { inventory } from './inventory.js';
import { keys } from './keys.js';
import { Run } from './run.js';
import { schemas } from './schemas.js';
import { serviceAccounts } from './service-accounts.js';

const make = createRequire(join(process.argv[2], 'package.json'))('@ovhcloud/node-ovh');
const run = new Run(make, JSON.parse(await text(process.stdin)));
for (const part of [construction, calls, keys, errors, schemas, serviceAccounts, inventory]) await part(run);
process.exitCode = run.failed > 0 ? 1 : 0;
