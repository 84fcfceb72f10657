import type { LabelRule } from './declare.ts';

const OTHER = 'other';
/** Names of the code: commands, route templates, hosts. */
const NAME = /^[\w.:/*@-]{1,120}$/;
/** A run of this length with letters and digits is an id or a key, not a name. */
const KEY = /(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{32,}/i;

/** Keeps the values of the labels of one instrument within their rules. */
export class LabelBounds {
  readonly #rules: ReadonlyMap<string, ReadonlySet<string> | { readonly most: number; readonly seen: Set<string> }>;

  constructor(labels: Readonly<Record<string, LabelRule>>) {
    this.#rules = new Map(
      Object.entries(labels).map(([label, rule]) => [label, isList(rule) ? new Set(rule) : { ...rule, seen: new Set() }]),
    );
  }

  /** The values as they may be shown; labels that were not declared are left out. */
  bound(values: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries([...this.#rules.keys()].map((label) => [label, this.#value(label, values[label] ?? OTHER)]));
  }

  #value(label: string, value: string): string {
    const rule = this.#rules.get(label);
    if (rule === undefined) return OTHER;
    if (!('seen' in rule)) return rule.has(value) ? value : OTHER;
    if (rule.seen.has(value)) return value;
    if (!NAME.test(value) || KEY.test(value) || rule.seen.size >= rule.most) return OTHER;
    rule.seen.add(value);
    return value;
  }
}

function isList(rule: LabelRule): rule is readonly string[] {
  return Array.isArray(rule);
}
