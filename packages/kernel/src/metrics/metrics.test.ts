import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counter, defineMetrics, gauge, histogram, Metrics, metricsReference } from './index.ts';

const table = defineMetrics('suite', {
  calls: histogram({ name: 'fairlead_suite_call_seconds', help: 'Calls.', labels: { command: { most: 3 }, outcome: ['ok', 'error'] } }),
  hits: counter({ name: 'fairlead_suite_hits_total', help: 'Hits.' }),
  things: gauge({ name: 'fairlead_suite_things', help: 'Things.', labels: { kind: ['a', 'b'] } }),
});

describe('the page', () => {
  test('shows what was counted, measured and read, each with its help', async () => {
    const metrics = new Metrics();
    const { calls, hits, things } = metrics.use(table);
    calls.observe({ command: 'listZones', outcome: 'ok' }, 0.02);
    hits.add({});
    hits.add({}, 2);
    things.collect(() => [
      { labels: { kind: 'a' }, value: 4 },
      { labels: { kind: 'b' }, value: 5 },
    ]);

    const { text, contentType } = await metrics.page();

    expect(contentType).toContain('text/plain');
    expect(text).toContain('# HELP fairlead_suite_hits_total Hits.');
    expect(text).toContain('fairlead_suite_hits_total 3\n');
    expect(text).toContain('fairlead_suite_call_seconds_bucket{le="0.025",command="listZones",outcome="ok"} 1\n');
    expect(text).toContain('fairlead_suite_things{kind="b"} 5\n');
  });

  test('two gateways of one process count apart, one counts together', async () => {
    const [one, other] = [new Metrics(), new Metrics()];
    one.use(table).hits.add({});
    one.use(table).hits.add({});

    expect((await one.page()).text).toContain('fairlead_suite_hits_total 2\n');
    expect((await other.page()).text).not.toContain('fairlead_suite_hits_total 2\n');
  });

  test('a gauge that cannot be read is left out and counted, the rest of the page is there', async () => {
    const metrics = new Metrics();
    const { hits, things } = metrics.use(table);
    hits.add({});
    things.set({ kind: 'a' }, 1);
    things.collect(() => Promise.reject(new Error('the store is away')));

    await metrics.page();
    const { text } = await metrics.page();

    expect(text).toContain('fairlead_suite_hits_total 1\n');
    expect(text).not.toContain('fairlead_suite_things{');
    expect(text).toContain('fairlead_metrics_collect_failures_total{metric="fairlead_suite_things"}');
  });

  test('the process is there when it is watched', async () => {
    const metrics = new Metrics();
    metrics.watchProcess();

    expect((await metrics.page()).text).toContain('process_resident_memory_bytes ');
  });
});

describe('label values', () => {
  async function commandsShown(commands: readonly string[]): Promise<string[]> {
    const metrics = new Metrics();
    for (const command of commands) metrics.use(table).calls.observe({ command, outcome: 'ok' }, 1);
    const { text } = await metrics.page();
    return [...text.matchAll(/_count\{command="([^"]*)"/g)].map((found) => found[1] ?? '').sort();
  }

  test('are the listed ones, and no more than so many others', async () => {
    expect(await commandsShown(['a', 'b', 'c', 'd', 'e', 'a'])).toEqual(['a', 'b', 'c', 'other']);
  });

  test.each([
    ['a token', 'FYD9YHb1W1uW9cP6oWQ0vF3N2m-h7Qd0'],
    ['an id', '3b0c8b6e-5a53-4f5c-9b43-1a6f4f2a7f10'],
    ['a path with an id', '/vms/3b0c8b6e-5a53-4f5c-9b43-1a6f4f2a7f10/start'],
    ['a query', '/a?password=x'],
    ['a quote', 'a"b'],
    ['nothing', ''],
    ['far too much', 'x'.repeat(500)],
  ])('%s is shown as other', async (_what, value) => {
    expect(await commandsShown([value])).toEqual(['other']);
  });

  test('names of the code are shown as they are', async () => {
    const names = ['changeServiceForVirtualMachine', '/vms/:vm/backups/:backup/finalize', 'kernel.sweep-sessions'];
    expect(await commandsShown(names)).toEqual([...names].sort());
  });

  test('whatever is given, a page has few series and each line is well formed', async () => {
    await fuzz('kernel.metrics', fc.array(fc.string(), { maxLength: 30 }), async (commands) => {
      const shown = await commandsShown(commands);
      expect(shown.length).toBeLessThanOrEqual(4);
      expect(shown.every((one) => /^[\w.:/*@-]{1,120}$/.test(one))).toBe(true);
    });
  });
});

describe('declarations', () => {
  test.each([
    ['another owner', () => counter({ name: 'fairlead_other_hits_total', help: 'x' })],
    ['a counter without _total', () => counter({ name: 'fairlead_suite_hits', help: 'x' })],
    ['a gauge with _total', () => gauge({ name: 'fairlead_suite_hits_total', help: 'x' })],
    ['a histogram without unit', () => histogram({ name: 'fairlead_suite_calls', help: 'x' })],
    ['capitals', () => gauge({ name: 'fairlead_suite_Things', help: 'x' })],
    ['no help', () => gauge({ name: 'fairlead_suite_things', help: ' ' })],
    ['a label that allows nothing', () => gauge({ name: 'fairlead_suite_things', help: 'x', labels: { kind: [] } })],
  ])('%s is refused', (_what, make) => {
    expect(() => defineMetrics('suite', { one: make() })).toThrow(TypeError);
  });

  test('the reference names each with its labels', () => {
    const page = metricsReference([table]);

    expect(page).toContain('| `fairlead_suite_call_seconds` | histogram | `command` (at most 3 names), `outcome` (ok, error) | Calls. |');
    expect(page.indexOf('call_seconds')).toBeLessThan(page.indexOf('suite_things'));
  });
});
