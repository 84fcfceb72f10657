import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { type CareOptions, printRows, recordChange, shown, withDesk } from './shared.ts';

export interface AddOrganizationOptions extends CareOptions {
  readonly name: string;
  readonly kind: 'partner' | 'customer';
  readonly parent?: string;
  readonly id?: string;
}

/** Prints every organization, children below their parents. */
export async function listOrganizations(options: CareOptions & { readonly tree?: boolean }, output: Output): Promise<void> {
  const rows = await withDesk(options, ({ organizations }) => organizations.all());
  if (options.tree === true && options.json !== true) {
    for (const row of rows)
      output.print(`${'  '.repeat(row.depth)}${shown(row.name)}  ${row.kind}  ${row.id}${row.state === 'active' ? '' : '  suspended'}`);
    return;
  }
  const plain = rows.map(({ id, parent_id, name, kind, state, push, sees_infrastructure, origin }) => ({
    ...{ id, name, kind, state, push, origin },
    parent: parent_id,
    sees_infrastructure: sees_infrastructure === 1,
  }));
  printRows(plain, ['id', 'name', 'kind', 'state', 'push', 'parent'], options, output);
}

export async function addOrganization(options: AddOrganizationOptions, output: Output): Promise<void> {
  await withDesk(options, async ({ organizations, audit }) => {
    const row = await organizations.add({ name: options.name, kind: options.kind, parentId: options.parent, id: options.id });
    await recordChange(audit, 'organization.create', row.id);
    output.print(options.json === true ? JSON.stringify({ id: row.id }) : row.id);
  });
}

export async function renameOrganization(id: string, name: string, options: CareOptions): Promise<void> {
  await withDesk(options, async ({ organizations, audit }) => {
    await organizations.rename(id, name);
    await recordChange(audit, 'organization.rename', id);
  });
}

export async function moveOrganization(id: string, parent: string, options: CareOptions): Promise<void> {
  await withDesk(options, async ({ organizations, audit }) => {
    await organizations.move(id, parent);
    await recordChange(audit, 'organization.move', id, { parent });
  });
}

const PUSH = ['all', 'workloads', 'alerts', 'none'] as const;

/** `push=all|workloads|alerts|none`, `sees_infrastructure=true|false`. */
export async function setOrganization(id: string, words: readonly string[], options: CareOptions): Promise<void> {
  const settings: { push?: (typeof PUSH)[number]; seesInfrastructure?: boolean } = {};
  for (const word of words) {
    const [key, value] = word.split('=', 2);
    const push = PUSH.find((one) => one === value);
    if (key === 'push' && push !== undefined) settings.push = push;
    else if (key === 'sees_infrastructure' && (value === 'true' || value === 'false')) settings.seesInfrastructure = value === 'true';
    else throw CliError('CLI_USAGE', { reason: `${word}: push=${PUSH.join('|')} or sees_infrastructure=true|false` });
  }
  await withDesk(options, async ({ organizations, audit }) => {
    await organizations.set(id, settings);
    await recordChange(audit, 'organization.set', id, { words: words.join(' ') });
  });
}

export async function suspendOrganization(id: string, options: CareOptions): Promise<void> {
  await withDesk(options, async ({ organizations, audit }) => {
    await organizations.suspend(id);
    await recordChange(audit, 'organization.suspend', id);
  });
}

export async function resumeOrganization(id: string, options: CareOptions): Promise<void> {
  await withDesk(options, async ({ organizations, audit }) => {
    await organizations.resume(id);
    await recordChange(audit, 'organization.resume', id);
  });
}

export async function removeOrganization(id: string, options: CareOptions & { readonly force?: boolean }): Promise<void> {
  await withDesk(options, async ({ organizations, audit }) => {
    await organizations.remove(id, { force: options.force === true });
    await recordChange(audit, 'organization.remove', id, { force: options.force === true });
  });
}
