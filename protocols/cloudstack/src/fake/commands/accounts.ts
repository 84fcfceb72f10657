import { runtime } from '../api-error.ts';
import { mayUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { SAMPLES } from '../data/samples.ts';
import type { Account, Domain, Project, User } from '../model.ts';
import { pageOf } from '../paging.ts';
import { dateText } from '../time.ts';
import { accessView, accountView, userView } from '../views/account.ts';

/** Lists of accounts, users, domains and projects. */
export const accountCommands: CommandTable = {
  listAccounts: (context) => pageOf(context.params, 'account', accounts(context), (row) => accountView(context.cloud, context.caller, row)),
  listUsers: (context) => pageOf(context.params, 'user', users(context), (row) => userRowView(context, row)),
  listDomains: (context) => pageOf(context.params, 'domain', domains(context), (row) => domainView(context, row)),
  listProjects: (context) => pageOf(context.params, 'project', projects(context), projectView),
  getUser: (context) => getUser(context),
};

function accounts({ cloud, caller, params }: Context): Account[] {
  const [id, name, domainId] = [params.text('id'), params.text('name'), params.text('domainid')];
  const wide = params.flag('listall') || id !== undefined || domainId !== undefined;
  return cloud.accounts
    .filter((row) => row.project === undefined && mayUse(caller, row))
    .filter((row) => wide || row === caller.account || (caller.role !== 'u' && name !== undefined))
    .filter((row) => (id ?? row.id) === row.id && (name ?? row.name) === row.name && (domainId ?? row.domain.id) === row.domain.id);
}

function users({ cloud, caller, params }: Context): User[] {
  const [id, username, account] = [params.text('id'), params.text('username'), params.text('account')];
  return cloud.users
    .filter((row) => mayUse(caller, row.account))
    .filter((row) => caller.role !== 'u' || row === caller.user)
    .filter(
      (row) =>
        (id ?? row.id) === row.id && (username ?? row.username) === row.username && (account ?? row.account.name) === row.account.name,
    );
}

function domains({ cloud, caller, params }: Context): Domain[] {
  const [id, name] = [params.text('id'), params.text('name')];
  return cloud.domains
    .filter((row) => caller.role === 'a' || row.path.startsWith(caller.account.domain.path))
    .filter((row) => (id ?? row.id) === row.id && (name ?? row.name) === row.name);
}

function domainView({ cloud }: Context, row: Domain): object {
  const { parentdomainid: _id, parentdomainname: _name, created: _created, ...rest } = SAMPLES.domain;
  const parent =
    row.parent === undefined ? {} : { parentdomainid: row.parent.id, parentdomainname: row.parent.name, created: dateText(row.created) };
  const haschild = cloud.domains.some((other) => other.parent === row);
  return { ...rest, id: row.id, name: row.name, level: row.parent === undefined ? 0 : 1, haschild, path: row.path, ...parent };
}

function projects({ cloud, caller, params }: Context): Project[] {
  const [id, name] = [params.text('id'), params.text('name')];
  return cloud.projects
    .filter((row) => (caller.role === 'u' ? row.members.includes(caller.account.name) : params.flag('listall')))
    .filter((row) => (id ?? row.id) === row.id && (name ?? row.name) === row.name);
}

function projectView(row: Project): object {
  const owner = row.members.slice(0, 1).map((account) => ({ account }));
  const names = { id: row.id, name: row.name, displaytext: row.name, projectaccountname: `PrjAcct-${row.name}-${row.n}` };
  return { ...SAMPLES.project, ...names, domainid: row.domain.id, domain: row.domain.name, owner, created: dateText(row.created) };
}

function userRowView({ cloud, caller }: Context, row: User): object {
  return { ...userView(cloud, row), ...accessView(caller, row.apiKeyAccess) };
}

function getUser({ cloud, params }: Context): object {
  const user = cloud.users.find((row) => row.keys.some((pair) => pair.apiKey === params.text('userapikey')));
  if (user === undefined) throw runtime('unable to find user by api key');
  return { user: userView(cloud, user) };
}
