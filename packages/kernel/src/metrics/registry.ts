import client from 'prom-client';
import type { Log } from '../log/index.ts';
import { counter, defineMetrics, type InstrumentSpec, type InstrumentTable } from './declare.ts';
import { LabelBounds } from './labels.ts';

type Values<Labels extends string> = Readonly<Record<Labels, string>>;

export interface Counter<Labels extends string> {
  /** @param by not negative; default 1 */
  add(labels: Values<Labels>, by?: number): void;
}

export interface Histogram<Labels extends string> {
  observe(labels: Values<Labels>, value: number): void;
}

export interface Sample<Labels extends string> {
  readonly labels: Values<Labels>;
  readonly value: number;
}

export interface Gauge<Labels extends string> {
  set(labels: Values<Labels>, value: number): void;
  /** Asked at each scrape for all samples there are; what fails or takes longer than 2 s leaves the gauge out of that page. */
  collect(read: (signal: AbortSignal) => Promise<readonly Sample<Labels>[]> | readonly Sample<Labels>[]): void;
}

/** The instrument of a declaration. */
export type InstrumentOf<Spec> =
  Spec extends InstrumentSpec<infer Labels, infer Kind>
    ? { readonly counter: Counter<Labels>; readonly gauge: Gauge<Labels>; readonly histogram: Histogram<Labels> }[Kind]
    : never;

export type InstrumentsOf<Table extends InstrumentTable> = { readonly [Word in keyof Table]: InstrumentOf<Table[Word]> };

export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/** Instruments of the page itself. */
export const pageMetrics = defineMetrics('metrics', {
  failures: counter({
    name: 'fairlead_metrics_collect_failures_total',
    help: 'Gauges that could not be read for the page, by name.',
    labels: { metric: { most: 100 } },
  }),
});

const COLLECT_MS = 2000;

type Collector = (signal: AbortSignal) => Promise<void>;

/** The instruments of one gateway and the page that Prometheus reads. Two gateways of one process know nothing of each other. */
export class Metrics {
  readonly #registry = new client.Registry();
  readonly #made = new Map<InstrumentTable, unknown>();
  readonly #collectors = new Map<string, { readonly run: Collector; readonly reset: () => void }>();
  readonly #log: Log | undefined;

  constructor(parts: { readonly log?: Log } = {}) {
    this.#log = parts.log;
  }

  /** The instruments of a table: made once, the same ones for whoever asks again. */
  use<const Table extends InstrumentTable>(table: Table): InstrumentsOf<Table> {
    const made = this.#made.get(table) ?? Object.fromEntries(Object.entries(table).map(([word, spec]) => [word, this.#make(spec)]));
    this.#made.set(table, made);
    return made as InstrumentsOf<Table>;
  }

  /** Adds what Prometheus expects of every process: `process_*` and `nodejs_*`. */
  watchProcess(): void {
    client.collectDefaultMetrics({ register: this.#registry });
  }

  async page(): Promise<MetricsPage> {
    await Promise.all([...this.#collectors].map(([name, collector]) => this.#collect(name, collector)));
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  async #collect(name: string, { run, reset }: { readonly run: Collector; readonly reset: () => void }): Promise<void> {
    const signal = AbortSignal.timeout(COLLECT_MS);
    const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    try {
      await Promise.race([run(signal), late]);
    } catch (error) {
      reset();
      this.use(pageMetrics).failures.add({ metric: name });
      this.#log?.warn({ err: error, metric: name }, 'a gauge could not be read');
    }
  }

  #make(spec: InstrumentSpec): Counter<string> | Gauge<string> | Histogram<string> {
    const { name, help, kind } = spec;
    const bounds = new LabelBounds(spec.labels);
    const settings = { name, help, labelNames: Object.keys(spec.labels), registers: [this.#registry] };
    if (kind === 'counter') {
      const made = new client.Counter(settings);
      return { add: (labels, by = 1) => made.inc(bounds.bound(labels), by) };
    }
    if (kind === 'histogram') {
      const made = new client.Histogram({ ...settings, ...(spec.buckets && { buckets: [...spec.buckets] }) });
      return { observe: (labels, value) => made.observe(bounds.bound(labels), value) };
    }
    return this.#makeGauge(name, new client.Gauge(settings), bounds);
  }

  #makeGauge(name: string, made: client.Gauge, bounds: LabelBounds): Gauge<string> {
    return {
      set: (labels, value) => made.set(bounds.bound(labels), value),
      collect: (read) => {
        const run = async (signal: AbortSignal) => {
          const samples = await read(signal);
          made.reset();
          // Several values that are `other` together are one.
          for (const { labels, value } of samples) made.inc(bounds.bound(labels), value);
        };
        this.#collectors.set(name, { run, reset: () => made.reset() });
      },
    };
  }
}
