import { expect, test } from 'vitest';
import { formatReport, type ScenarioName, scenarios } from '../src/fake/index.ts';
import { smallWorld } from './support/small-stage.ts';

const names = Object.keys(scenarios) as ScenarioName[];

test.each(names.filter((name) => name !== 'full-story'))('%s is good against a correct handler, again and again', async (name) => {
  await using world = await smallWorld();
  for (let times = 0; times < 2; times += 1) {
    const report = await scenarios[name](world.stage);
    expect(formatReport(report)).not.toContain('FAILED');
    expect(report).toMatchObject({ scenario: name, ok: true });
    expect(report.checks.length).toBeGreaterThan(2);
    expect(report.checks.filter(({ outcome }) => outcome === 'skipped')).toEqual([]);
  }
  expect(world.handler.directory.links).toEqual([]);
});
