import { newUuid } from '@fairlead/kernel/ids';
import { freshDatabase, lacksPostgres } from '@fairlead/testkit/db';
import { describe, expect, test } from 'vitest';
import { startHandler } from '../support/handler-rig.ts';
import { testScenarios } from '../support/scenario-suite.ts';
import { testWire } from '../support/wire-suite.ts';

async function postgres() {
  const database = await freshDatabase();
  return { options: { storeUrl: database.url }, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

describe.skipIf(lacksPostgres())('over the wire', () => {
  testWire('PostgreSQL', postgres);
  testScenarios('PostgreSQL', postgres);

  test('a PostgreSQL that goes away is told as such, for reads and writes', async () => {
    const place = await postgres();
    await using rig = await startHandler(place.options);
    expect((await rig.call('enablement.read', undefined)).status).toBe(200);
    await place[Symbol.asyncDispose]();
    for (let at = 0; at < 3; at += 1) {
      expect(await rig.call('enablement.read', undefined)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
      const wish = { vendor_tenant_id: rig.tree.p1.id, acronis_tenant_id: newUuid() };
      expect((await rig.call('enablement.write', wish)).status).toBe(503);
    }
  });
});
