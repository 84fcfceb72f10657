import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstrumentTable } from '@fairlead/kernel/metrics';
import { collectInstruments, METRICS_PAGE, metricsPage } from '../docs/metrics-page.ts';
import type { Check, Finding } from './check.ts';
import { comparePages } from './config.ts';

/** Where people read what each alert means. */
const GUIDE = 'docs/operate/metrics.md';
const RULES = 'deploy/prometheus/fairlead.rules.yml';

export const metricsCheck: Check = {
  name: 'metrics',
  holds: `${METRICS_PAGE} lists exactly the declared instruments; the alert rules are whole and name no other; ${GUIDE} explains each`,
  async run({ root }) {
    const tables = await collectInstruments(root);
    const read = (path: string) => readFile(join(root, path), 'utf8').catch(() => undefined);
    const findings = [
      ...comparePages({ [METRICS_PAGE]: metricsPage(tables) }, { [METRICS_PAGE]: await read(METRICS_PAGE) }),
      ...checkRules(tables, (await read(RULES)) ?? ''),
      ...checkAlerts((await read(RULES)) ?? '', (await read(GUIDE)) ?? ''),
      ...(tables.length === 0 ? [{ text: 'no instrument was found: the check is blind' }] : []),
    ];
    return { findings, notes: [`${namesOf(tables).length} instruments`] };
  },
};

/** Every series that an alert rule asks for must come from a declared instrument; a typing mistake would be an alert that never comes. */
export function checkRules(tables: readonly InstrumentTable[], rules: string): Finding[] {
  const known = new Set(namesOf(tables));
  const asked = new Set(rules.match(/\bfairlead_[a-z_]+\b/g) ?? []);
  const unknown = [...asked].filter((name) => !known.has(name) && !known.has(name.replace(/_(bucket|count|sum)$/, '')));
  const blind = asked.size === 0 ? [{ file: RULES, text: 'asks for no metric of ours: the check is blind' }] : [];
  return [...blind, ...unknown.map((name) => ({ file: RULES, text: `${name} is no declared instrument` }))];
}

/** Each alert has all its parts, its brackets match, and a person who is woken finds what it means. */
export function checkAlerts(rules: string, guide: string): Finding[] {
  const explained = new Set([...guide.matchAll(/^\| `(\w+)`/gm)].map((row) => row[1] ?? ''));
  const alerts = rules.split(/^ {6}- alert: /m).slice(1);
  const names = alerts.map((alert) => alert.split('\n', 1)[0] ?? '');
  const broken = alerts.flatMap((alert, index) =>
    partsMissing(alert).map((part) => ({ file: RULES, text: `${names[index]} has no ${part}` })),
  );
  const silent = names.filter((name) => !explained.has(name)).map((name) => ({ file: GUIDE, text: `${name} is not explained` }));
  const gone = [...explained].filter((name) => name.startsWith('Fairlead') && !names.includes(name));
  return [...broken, ...silent, ...gone.map((name) => ({ file: GUIDE, text: `${name} is explained, but no rule` }))];
}

function partsMissing(alert: string): string[] {
  const parts = {
    expression: /^ {8}expr: \S/m,
    severity: /^ {8}labels: \{ severity: (page|ticket) \}$/m,
    summary: /^ {8}annotations: \{ summary: (?:'[^'\n]+'|"[^"\n]+") \}$/m,
  };
  const missing = Object.entries(parts)
    .filter(([, pattern]) => !pattern.test(alert))
    .map(([name]) => name);
  const expression = /^ {8}expr: ([\s\S]*?)^ {8}(?:for|labels):/m.exec(alert)?.[1] ?? '';
  return isBalanced(expression) ? missing : [...missing, 'closed brackets'];
}

function isBalanced(text: string): boolean {
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  for (const [sign] of text.replaceAll(/"[^"]*"/g, '').matchAll(/[()[\]{}]/g)) {
    const opening = pairs[sign];
    if (opening === undefined) open.push(sign);
    else if (open.pop() !== opening) return false;
  }
  return open.length === 0;
}

function namesOf(tables: readonly InstrumentTable[]): readonly string[] {
  return tables.flatMap((table) => Object.values(table).map((spec) => spec.name));
}
