import { inventoriesOf, Sources } from '@fairlead/bridge-cyberapp';
import { systemClock } from '@fairlead/kernel/clock';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { type CareOptions, type Desk, printRows, recordChange, shown, timeOf, withDesk } from './shared.ts';
import { type InventoryDesk, withInventories } from './sources-inventories.ts';

export interface AddSourceOptions extends CareOptions {
  readonly priority?: string;
}

export async function listSources(options: CareOptions & { readonly org?: string }, output: Output): Promise<void> {
  const rows = await withDesk(options, async (desk) => {
    const names = await namesOf(desk);
    return (await rulesOf(desk).list(options.org)).map((row) => ({
      ...{ id: row.id, source: row.source, kind: row.selector_kind, selector: row.selector, priority: row.priority },
      ...{ organization: row.organization_id, name: names.get(row.organization_id) ?? '', created: timeOf(row.created_ms) },
    }));
  });
  printRows(rows, ['id', 'source', 'kind', 'selector', 'priority', 'name', 'organization'], options, output);
}

/** The words of a rule: whose, of which source, and the selector. Throws `CYBERAPP_SOURCE`. */
export async function addSource(
  words: readonly [organization: string, source: string, kind: string, selector: string],
  options: AddSourceOptions,
  output: Output,
): Promise<void> {
  const [organizationId, source, kind, selector] = words;
  await withDesk(options, async (desk) => {
    const priority = options.priority === undefined ? undefined : Number(options.priority);
    const row = await rulesOf(desk).add({ organizationId, source, kind, selector, priority });
    await recordChange(desk.audit, 'source.create', row.id, { organization: row.organization_id, source, kind, selector });
    output.print(options.json === true ? JSON.stringify({ id: row.id }) : row.id);
  });
}

/** Throws `CLI_CYBERAPP_NOT_FOUND`. */
export async function removeSource(id: string, options: CareOptions): Promise<void> {
  await withDesk(options, async (desk) => {
    const gone = await rulesOf(desk).remove(id);
    if (gone === undefined) throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `rule ${id}` });
    const { organization_id: organization, source, selector_kind: kind, selector } = gone;
    await recordChange(desk.audit, 'source.remove', gone.id, { organization, source, kind, selector });
  });
}

/** What would be shown at Acronis, if a rule said whose it is. */
export async function listUnassigned(options: CareOptions, output: Output): Promise<void> {
  await withInventories(options, output, async (desk) => {
    const { items } = await rulesOf(desk).unassigned(desk.signal);
    const rows = items.map(({ source, item }) => ({
      ...{ source, key: item.key, kind: item.kind, name: item.name },
      selectors: item.owner.map(({ kind, selector }) => `${kind} ${selector}`).join(', '),
    }));
    printRows(rows, ['source', 'key', 'name', 'selectors'], options, output);
  });
}

/** Throws `CLI_CYBERAPP_NOT_FOUND` for an item that no source tells. */
export async function explainItem(key: string, options: CareOptions, output: Output): Promise<void> {
  await withInventories(options, output, async (desk) => {
    const found = await rulesOf(desk).explain(key, desk.signal);
    if (found === undefined) throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `item ${key} in what the sources tell` });
    const names = await namesOf(desk);
    const rules = found.rules.map((rule) => ({
      ...{ id: rule.id, kind: rule.selector_kind, selector: rule.selector, priority: rule.priority },
      ...{ organization: rule.organization_id, name: names.get(rule.organization_id) ?? '' },
    }));
    const { source, name, isWorkload, selectors } = found;
    if (options.json === true) return output.print(JSON.stringify({ key, source, name, workload: isWorkload, selectors, rules }));
    output.print(`${shown(name)}  ${source}  ${isWorkload ? 'is shown as a workload' : 'is no workload'}`);
    for (const { kind, selector } of selectors) output.print(`selector  ${kind}  ${shown(selector)}`);
    const [holds, ...others] = rules;
    if (holds === undefined) return output.print('No rule says whose it is.');
    output.print(`belongs to  ${shown(holds.name)}  ${holds.organization}  by ${holds.kind} ${shown(holds.selector)}`);
    for (const rule of others) output.print(`fits too  ${shown(rule.name)}  ${rule.organization}  by ${rule.kind} ${shown(rule.selector)}`);
  });
}

function rulesOf(desk: Desk | InventoryDesk): Sources {
  return new Sources({
    store: desk.store,
    clock: systemClock,
    inventories: () => ('services' in desk ? inventoriesOf(desk.services) : {}),
  });
}

async function namesOf({ organizations }: Desk): Promise<ReadonlyMap<string, string>> {
  return new Map((await organizations.all()).map(({ id, name }) => [id, name]));
}
