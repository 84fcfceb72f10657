import { denied, invalid } from '../api-error.ts';
import { findAccount, mayUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { limitOf, RESOURCES, type Resource } from '../limits.ts';
import type { Account } from '../model.ts';
import { pageOf } from '../paging.ts';
import { ownerView } from '../views/owner.ts';

/** Limits of accounts; those of domains and tags are not simulated. */
export const limitCommands: CommandTable = {
  listResourceLimits: (context) => {
    const account = accountOf(context);
    const type = context.params.number('resourcetype');
    const rows = RESOURCES.filter((resource) => type === undefined || resource.type === type);
    return pageOf(context.params, 'resourcelimit', rows, (row) => limitView(account, row));
  },
  updateResourceLimit: (context) => updateResourceLimit(context),
};

function accountOf({ cloud, caller, params }: Context): Account {
  const project = params.text('projectid');
  const name = params.text('account');
  const named =
    project === undefined
      ? findAccount(cloud, name ?? '', params.text('domainid'))
      : cloud.accounts.find((row) => row.project?.id === project);
  const account = name === undefined && project === undefined ? caller.account : named;
  if (account === undefined) throw invalid(`Unable to find account ${name}`);
  if (!mayUse(caller, account)) throw denied();
  return account;
}

function updateResourceLimit(context: Context): object {
  const { caller, params } = context;
  const type = params.number('resourcetype');
  const resource = RESOURCES.find((row) => row.type === type);
  if (resource === undefined) throw invalid('Please specify a valid resource type.');
  if (params.text('account') === undefined && params.text('projectid') === undefined)
    throw invalid('This fake of CloudStack does not simulate limits of domains: an account or a project is needed.');
  const account = accountOf(context);
  if (account === caller.account && caller.role !== 'a') throw denied('An account cannot change its own limits');
  account.limits.set(resource.type, params.number('max') ?? -1);
  return { resourcelimit: limitView(account, resource) };
}

function limitView(account: Account, resource: Resource): object {
  return { ...ownerView(account), resourcetype: String(resource.type), resourcetypename: resource.name, max: limitOf(account, resource) };
}
