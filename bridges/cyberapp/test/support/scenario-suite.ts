import { formatReport, type ScenarioName, type Stage, type StagePartner, scenarios } from '@fairlead/acronis/fake';
import { newUuid } from '@fairlead/kernel/ids';
import { describe, expect, test } from 'vitest';
import type { OrganizationRow } from '../../src/store/tables.ts';
import { APP, type HandlerRig, PASSWORD, startHandler } from './handler-rig.ts';
import type { WirePlace } from './wire-suite.ts';

/** Those that need no connector. */
const NAMES = (Object.keys(scenarios) as ScenarioName[]).filter((name) => name !== 'full-story');

/** What Acronis does, played against the bridge over TLS (cyberapp 6.4), the same on both databases. */
export function testScenarios(name: string, newPlace: () => Promise<WirePlace>): void {
  describe(`scenarios on ${name}`, () => {
    test.each(NAMES)('cyberapp 9.173: %s', async (scenario) => {
      await using place = await newPlace();
      await using rig = await startHandler(place.options);
      await using mirror = await startHandler({ keys: 'enablement = mirrored', clock: rig.clock });
      const report = await scenarios[scenario](stageOf(rig, mirror));
      expect(formatReport(report)).not.toContain('FAILED');
      expect(report.checks.filter(({ outcome }) => outcome === 'skipped')).toEqual([]);
      expect(report.checks.length).toBeGreaterThan(2);
    });
  });
}

function stageOf(rig: HandlerRig, mirror: HandlerRig): Stage {
  const { tree } = rig;
  const account = (identity: string) => ({ identity, password: PASSWORD });
  const customer = ({ id }: OrganizationRow) => ({ organizationId: id, tenantId: newUuid() });
  const partner = ({ id }: OrganizationRow, identity: string, of: OrganizationRow): StagePartner => ({
    organizationId: id,
    tenantId: newUuid(),
    accounts: [account(identity)],
    customers: [customer(of)],
  });
  const advance = (ms: number): void => {
    for (const one of [rig, rig.fake, mirror.fake]) one.clock.advance(ms);
  };
  return {
    url: `${rig.url}/callback`,
    appCode: APP,
    ca: `${rig.ca}${mirror.ca}`,
    signer: rig.fake.signer,
    datacenterUrl: 'https://eu8.acronis.cloud',
    otherDatacenterUrl: 'https://us5.acronis.cloud',
    datacenterAlias: 'https://eu8-cloud.acronis.com',
    partner: {
      ...partner(tree.p1, 'p1', tree.c1),
      accounts: [account('p1'), account('p1b')],
      customers: [customer(tree.c1), customer(tree.c2), customer(tree.c3)],
    },
    stranger: partner(tree.p2, 'p2', tree.d1),
    subPartner: partner(tree.s, 's', tree.c9),
    spareTenants: [newUuid(), newUuid()],
    advance,
    pause: async (ms) => advance(ms),
    mirrored: {
      url: `${mirror.url}/callback`,
      tenantId: newUuid(),
      tenantName: 'Nordhost',
      customers: [
        { tenantId: newUuid(), name: 'Bakery Lind' },
        { tenantId: newUuid(), name: 'Harbour Law LLP' },
      ],
    },
  };
}
