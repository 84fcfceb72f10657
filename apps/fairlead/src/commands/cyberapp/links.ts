import { listLinks, removeLink } from '@fairlead/bridge-cyberapp';
import { CliError } from '../../cli-errors.ts';
import type { Output } from '../../output.ts';
import { type CareOptions, printRows, recordChange, timeOf, withDesk } from './shared.ts';

export async function listMappings(
  options: CareOptions & { readonly org?: string; readonly datacenter?: string },
  output: Output,
): Promise<void> {
  const links = await withDesk(options, ({ store }) => listLinks(store, { organizationId: options.org, datacenterId: options.datacenter }));
  const rows = links.map(({ organization, mapping, state, lastPushMs }) => ({
    ...{ organization: organization.name, id: organization.id, kind: organization.kind, state },
    ...{ tenant: mapping.acronis_tenant_id, datacenter: mapping.datacenter_id, tenant_state: mapping.tenant_state },
    owner: mapping.mapped_by_organization_id,
    last_push: timeOf(lastPushMs),
  }));
  printRows(rows, ['organization', 'kind', 'state', 'tenant', 'datacenter', 'tenant_state', 'last_push', 'owner'], options, output);
}

/** Throws `CLI_CYBERAPP_NOT_FOUND`. */
export async function removeMapping(organization: string, options: CareOptions, output: Output): Promise<void> {
  await withDesk(options, async ({ store, audit }) => {
    const gone = await removeLink(store, organization.toLowerCase());
    if (gone === undefined) throw CliError('CLI_CYBERAPP_NOT_FOUND', { what: `a link of ${organization}` });
    await recordChange(audit, 'mapping.remove', organization, { tenant: gone.acronis_tenant_id });
    output.print(`The link to ${gone.acronis_tenant_id} is removed here.`);
    output.tell('Acronis keeps its own copy of the link: unlink the customer there as well, or what it shows is wrong.');
  });
}
