import { counter, defineMetrics, histogram } from '@fairlead/kernel/metrics';
import { expect, test } from 'vitest';
import { metricsPage } from '../docs/metrics-page.ts';
import { comparePages } from './config.ts';
import { checkAlerts, checkRules } from './metrics.ts';

const table = defineMetrics('suite', {
  hits: counter({ name: 'fairlead_suite_hits_total', help: 'Hits.' }),
  calls: histogram({ name: 'fairlead_suite_call_seconds', help: 'Calls.' }),
});

test('a rule that asks for a series nobody makes is found', () => {
  const rules = 'rate(fairlead_suite_call_seconds_bucket[5m]) > 1 and rate(fairlead_suite_hit_total[5m]) > 0';

  expect(checkRules([table], rules)).toEqual([expect.objectContaining({ text: 'fairlead_suite_hit_total is no declared instrument' })]);
  expect(checkRules([table], '')).toHaveLength(1);
});

test('a page without a new instrument is out of date', () => {
  const wanted = { page: metricsPage([table]) };

  expect(comparePages(wanted, { page: metricsPage([{ hits: table.hits }]) })).toHaveLength(1);
  expect(comparePages(wanted, { page: metricsPage([table]) })).toEqual([]);
});

test('an alert that lacks a part, is not closed, or is not explained is found', () => {
  const alert = (name: string, expression: string) =>
    `      - alert: ${name}\n        expr: ${expression}\n        labels: { severity: page }\n        annotations: { summary: 'It is so' }\n`;
  const rules = `groups:\n${alert('FairleadOne', 'sum(rate(a{b="("}[5m])) > 0')}${alert('FairleadTwo', 'sum(rate(a[5m]) > 0').replace('page', 'now')}`;

  expect(checkAlerts(rules, '| `FairleadOne` | x |\n| `FairleadGone` | x |').map((finding) => finding.text)).toEqual([
    'FairleadTwo has no severity',
    'FairleadTwo has no closed brackets',
    'FairleadTwo is not explained',
    'FairleadGone is explained, but no rule',
  ]);
});
