import { CallbackTable, formatCredentials } from '@fairlead/acronis/codec';
import { expect, test } from 'vitest';
import { Pipeline } from '../src/api/pipeline.ts';
import { Authenticator } from '../src/service/security/authenticator.ts';
import { Users } from '../src/service/users.ts';
import type { CyberappTables } from '../src/store/tables.ts';
import { APP, bodyOf, type HandlerRig, PASSWORD, startHandler, TENANT } from './support/handler-rig.ts';

const cost = { memory: 8192, passes: 1, parallelism: 1 };

/** The handler without its listener: from a body to an answer. */
function pipelineOf({ store, limits, log, secrets }: HandlerRig): Pipeline {
  const lock = { after: 10, forMs: 1000, maxMs: 1000 };
  return new Pipeline({
    store,
    table: new CallbackTable({ app: APP }),
    authenticator: new Authenticator({ store, limits, log, cost, lock, places: 4, cacheMs: 600_000 }),
    users: new Users({ store, secrets, cost }),
    datacenterHosts: undefined,
    topologyLimit: 100,
    replayKeepMs: 60_000,
  });
}

test('cyberapp 9.27: a body with one bit the other way is never the gateway’s fault, and what is refused has changed nothing', async () => {
  await using rig = await startHandler();
  const { c1, c2 } = rig.tree;
  const pipeline = pipelineOf(rig);
  const credentials = formatCredentials('p1', { password: PASSWORD });
  const modified = [
    { vendor_tenant_id: c1.id, acronis_tenant_id: TENANT },
    { vendor_tenant_id: c2.id, acronis_tenant_id: '' },
  ];
  const body = Buffer.from(JSON.stringify(bodyOf('tenant_mapping.write', { modified })));
  const db = rig.store.tables<CyberappTables>();
  const links = async () => (await db.selectFrom('cyberapp_mappings').select('organization_id').execute()).length;
  const seen: Record<string, number> = { good: 0, refused: 0 };
  for (const [at, byte] of body.entries()) {
    for (let bit = 1; bit < 256; bit <<= 1) {
      const bytes = Buffer.from(body);
      bytes[at] = byte ^ bit;
      // An account may make 20 calls in a second.
      rig.clock.advance(50);
      const { answer } = await pipeline.run({ token: undefined, body: bytes, credentials, extra: undefined });
      const isGood = answer.status === 200;
      if (!isGood && !(answer.status >= 400 && answer.status < 500)) throw new Error(`${answer.status} for ${bytes.toString('latin1')}`);
      if ((await links()) > (isGood ? 1 : 0)) throw new Error(`${answer.status}, with an effect, for ${bytes.toString('latin1')}`);
      seen[isGood ? 'good' : 'refused'] = (seen[isGood ? 'good' : 'refused'] ?? 0) + 1;
      if (!isGood) continue;
      await db.deleteFrom('cyberapp_mappings').execute();
      await db.deleteFrom('cyberapp_requests').execute();
    }
  }
  expect(Number(seen.good) + Number(seen.refused)).toBeGreaterThan(5000);
  expect(seen.good).toBeGreaterThan(100);
}, 120_000);
