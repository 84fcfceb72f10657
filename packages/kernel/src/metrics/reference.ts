import type { InstrumentSpec, InstrumentTable, LabelRule } from './declare.ts';

/** The reference of all instruments as Markdown, sorted by name. */
export function metricsReference(tables: readonly InstrumentTable[]): string {
  const specs = tables.flatMap((table) => Object.values(table)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = specs.map((spec) => `| \`${spec.name}\` | ${spec.kind} | ${labelCell(spec)} | ${cell(spec.help)} |`);
  return ['| Name | Kind | Labels | Meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function labelCell({ labels }: InstrumentSpec): string {
  const words = Object.entries(labels).map(([label, rule]) => `\`${label}\` (${ruleWords(rule)})`);
  return words.length === 0 ? '-' : words.join(', ');
}

function ruleWords(rule: LabelRule): string {
  return Array.isArray(rule) ? rule.join(', ') : `at most ${(rule as { most: number }).most} names`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
