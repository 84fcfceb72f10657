/**
 * What a label may say: the listed words, or names of the code (commands, route templates, jobs), at most so many different ones.
 * Whatever else is given becomes `other`, so that no caller makes series and no value of his is shown.
 */
export type LabelRule = readonly string[] | { readonly most: number };

export type InstrumentKind = 'counter' | 'gauge' | 'histogram';

/** One instrument as declared: what the registry makes and what the reference says. */
export interface InstrumentSpec<Labels extends string = string, Kind extends InstrumentKind = InstrumentKind> {
  readonly kind: Kind;
  /** `fairlead_<owner>_<noun>_<unit>`; counters end with `_total`, histograms with `_seconds` or `_bytes`. */
  readonly name: string;
  readonly help: string;
  readonly labels: Readonly<Record<Labels, LabelRule>>;
  /** Upper ends of the buckets of a histogram. */
  readonly buckets?: readonly number[];
}

/** The instruments of one owner, by the word under which the code uses them. */
export type InstrumentTable = Readonly<Record<string, InstrumentSpec>>;

interface Facts<Labels extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: Readonly<Record<Labels, LabelRule>>;
}

/** From a row of SQLite to a call that CloudStack thinks about for a minute. */
const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Only grows, until the process ends. */
export function counter<Labels extends string = never>(facts: Facts<Labels>): InstrumentSpec<Labels, 'counter'> {
  return { kind: 'counter', labels: noLabels(), ...facts };
}

/** What is so now. */
export function gauge<Labels extends string = never>(facts: Facts<Labels>): InstrumentSpec<Labels, 'gauge'> {
  return { kind: 'gauge', labels: noLabels(), ...facts };
}

/** How long something took, or how big it was; buckets for seconds unless given. */
export function histogram<Labels extends string = never>(
  facts: Facts<Labels> & { readonly buckets?: readonly number[] },
): InstrumentSpec<Labels, 'histogram'> {
  return { kind: 'histogram', labels: noLabels(), buckets: SECONDS, ...facts };
}

function noLabels<Labels extends string>(): Readonly<Record<Labels, LabelRule>> {
  return {} as Readonly<Record<Labels, LabelRule>>;
}

/** Declares the instruments of one owner. Throws `TypeError` for a name that breaks the rule of names. */
export function defineMetrics<const Table extends InstrumentTable>(owner: string, table: Table): Table {
  for (const spec of Object.values(table)) checkSpec(owner, spec);
  return table;
}

const LABEL = /^[a-z]+(_[a-z]+)*$/;

function checkSpec(owner: string, { name, kind, help, labels }: InstrumentSpec): void {
  const wrong = (why: string): never => {
    throw new TypeError(`Metric ${name} ${why}`);
  };
  if (!new RegExp(`^fairlead_${owner}_[a-z]+(_[a-z]+)*$`).test(name)) wrong(`must be named fairlead_${owner}_<noun>_<unit>`);
  if (name.endsWith('_total') !== (kind === 'counter')) wrong('must end with _total exactly when it is a counter');
  if (kind === 'histogram' && !/_(seconds|bytes)$/.test(name)) wrong('must end with _seconds or _bytes');
  if (help.trim() === '' || /\n/.test(help)) wrong('needs a help text of one line');
  for (const [label, rule] of Object.entries(labels)) {
    if (!LABEL.test(label)) wrong(`has the label ${label}`);
    if (Array.isArray(rule) ? rule.length === 0 : (rule as { most: number }).most < 1) wrong(`allows no value of ${label}`);
  }
}
