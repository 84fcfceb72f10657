import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstrumentTable } from '@fairlead/kernel/metrics';
import { collectInstruments, METRICS_PAGE, metricsPage } from '../docs/metrics-page.ts';
import type { Check, Finding } from './check.ts';
import { comparePages } from './config.ts';

const RULES = 'deploy/prometheus/fairlead.rules.yml';

export const metricsCheck: Check = {
  name: 'metrics',
  holds: `${METRICS_PAGE} lists exactly the declared instruments, and the alert rules name no other`,
  async run({ root }) {
    const tables = await collectInstruments(root);
    const read = (path: string) => readFile(join(root, path), 'utf8').catch(() => undefined);
    const findings = [
      ...comparePages({ [METRICS_PAGE]: metricsPage(tables) }, { [METRICS_PAGE]: await read(METRICS_PAGE) }),
      ...checkRules(tables, (await read(RULES)) ?? ''),
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

function namesOf(tables: readonly InstrumentTable[]): readonly string[] {
  return tables.flatMap((table) => Object.values(table).map((spec) => spec.name));
}
