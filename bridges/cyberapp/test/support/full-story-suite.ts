import { formatReport, scenarios } from '@fairlead/acronis/fake';
import { describe, expect, test } from 'vitest';
import type { CyberappTables } from '../../src/store/tables.ts';
import { SECRET } from './connector-world.ts';
import { PASSWORD, storyRig } from './full-story-rig.ts';
import type { WirePlace } from './wire-suite.ts';

/** Handler and connector together, from enablement to the last thing that is taken away (cyberapp 6.4), the same on both databases. */
export function testFullStory(name: string, newPlace: () => Promise<WirePlace>): void {
  describe(`the whole bridge on ${name}`, () => {
    test('cyberapp 9.173: full-story', { timeout: 120_000 }, async () => {
      await using place = await newPlace();
      await using rig = await storyRig(place.options.storeUrl);
      const { fake, store, running } = rig;
      const report = await scenarios['full-story'](rig.stage);
      expect(formatReport(report)).not.toContain('FAILED');
      expect(report.checks.filter(({ outcome }) => outcome !== 'good')).toEqual([]);
      expect(report.checks.length).toBeGreaterThan(15);
      expect([fake.workloads, fake.openAlerts]).toEqual([[], []]);
      expect(fake.alerts).toMatchObject([{ tenantId: rig.tenants.c1, resourceName: 'shop-db-1' }]);
      const db = store.tables<CyberappTables>();
      for (const table of ['cyberapp_workloads', 'cyberapp_alerts', 'cyberapp_targets', 'cyberapp_mappings'] as const)
        expect([table, await db.selectFrom(table).selectAll().execute()]).toEqual([table, []]);
      const runs = await db.selectFrom('cyberapp_runs').select(['outcome', 'trigger']).execute();
      expect(runs.length).toBeGreaterThan(4);
      expect(new Set(runs.map(({ outcome, trigger }) => `${trigger} ${outcome}`))).toEqual(new Set(['interval ok']));
      expect(await running.health?.(AbortSignal.timeout(10_000))).toMatchObject({
        ok: true,
        facts: expect.not.objectContaining({ warning: expect.anything() }),
      });
      fake.requests.expectNothingUnexpected();
      await expectNoSecret(rig);
    });
  });
}

/** Neither who logged in nor whose token it was is found in what the gateway writes, keeps and shows (cyberapp 7.7). */
async function expectNoSecret({ fake, context, captured, tokens, kept }: Awaited<ReturnType<typeof storyRig>>): Promise<void> {
  fake.requests.expectNoSecretInUrl();
  const audited = await context.audit.find({ limit: 1000 });
  expect(audited.length).toBeGreaterThan(5);
  const stored = kept.join('\n');
  // What is looked through is what was meant to be.
  for (const known of ['shop-db-1', '$argon2id$', 'callback.']) expect(stored).toContain(known);
  const { text: page } = await context.metrics.page();
  expect(page).toContain('op="alerts.create"');
  expect(captured.text()).not.toBe('');
  expect(tokens.length).toBeGreaterThan(10);
  const access = ['fake-token.', 'Bearer ', 'Basic '];
  const secrets = [PASSWORD, SECRET, ...tokens.map((token) => token.slice(token.lastIndexOf('.'))), ...access];
  const forms = [...secrets, ...secrets.map((secret) => JSON.stringify(secret).slice(1, -1)), ...secrets.map((secret) => btoa(secret))];
  for (const [where, text] of Object.entries({ log: captured.text(), audit: JSON.stringify(audited), page, store: stored }))
    expect([where, forms.filter((form) => text.includes(form))]).toEqual([where, []]);
}
