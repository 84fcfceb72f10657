import { counter, defineMetrics, histogram } from '@fairlead/kernel/metrics';
import { expect, test } from 'vitest';
import { metricsPage } from '../docs/metrics-page.ts';
import { comparePages } from './config.ts';
import { checkRules } from './metrics.ts';

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
