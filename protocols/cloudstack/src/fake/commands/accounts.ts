import { denied, runtime } from '../api-error.ts';
import { mayUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import { SAMPLES } from '../data/samples.ts';
import type { Account, Domain, Project, User } from '../model.ts';
import { pageOf } from '../paging.ts';
import { dateText } from '../time.ts';

/** Accounts, users, domains, projects and key pairs. */
export const accountCommands: CommandTable = {
  listAccounts: (context) => pageOf(context.params, 'account', accounts(context), (row) => accountView(context, row)),
  listUsers: (context) => pageOf(context.params, 'user', users(context), (row) => ({ ...userView(row), ...apiKeyAccess(context) })),
  listDomains: (context) => pageOf(context.params, 'domain', domains(context), (row) => domainView(context, row)),
  listProjects: (context) => pageOf(context.params, 'project', projects(context), projectView),
  getUser: (context) => getUser(context),
  getUserKeys: (context) => getUserKeys(context),
};

function accounts({ cloud, caller, params }: Context): Account[] {
  const [id, name, domainId] = [params.text('id'), params.text('name'), params.text('domainid')];
  const wide = params.flag('listall') || id !== undefined || domainId !== undefined;
  return cloud.accounts
    .filter((row) => row.project === undefined && mayUse(caller, row))
    .filter((row) => wide || row === caller.account || (caller.role !== 'u' && name !== undefined))
    .filter((row) => (id ?? row.id) === row.id && (name ?? row.name) === row.name && (domainId ?? row.domain.id) === row.domain.id);
}

function apiKeyAccess({ caller }: Context): object {
  return caller.role === 'a' ? { apikeyaccess: 'INHERIT' } : {};
}

function accountView(context: Context, row: Account): object {
  const { cloud } = context;
  const owned = cloud.vms.filter((vm) => vm.owner === row);
  const { apikeyaccess: _hidden, ...rest } = SAMPLES.account;
  return {
    ...rest,
    id: row.id,
    name: row.name,
    accounttype: row.type,
    ...roleOf(row),
    ...domainOf(row.domain),
    domainpath: row.domain.path,
    vmtotal: owned.length,
    vmrunning: owned.filter((vm) => vm.state === 'Running').length,
    vmstopped: owned.filter((vm) => vm.state === 'Stopped').length,
    created: dateText(row.created),
    user: cloud.users.filter((user) => user.account === row).map(userView),
    ...apiKeyAccess(context),
  };
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

function userView(row: User): object {
  const { apikeyaccess: _hidden, ...rest } = SAMPLES.user;
  return {
    ...rest,
    id: row.id,
    username: row.username,
    firstname: row.username,
    lastname: 'Example',
    email: `${row.username}@example.org`,
    created: dateText(row.created),
    state: row.enabled ? 'enabled' : 'disabled',
    account: row.account.name,
    accountid: row.account.id,
    accounttype: row.account.type,
    ...roleOf(row.account),
    ...domainOf(row.account.domain),
    apikey: row.apiKey,
    isdefault: row.username === 'admin',
  };
}

function roleOf(account: Account): object {
  const roles = [
    { roletype: 'User', rolename: 'User' },
    { roletype: 'Admin', rolename: 'Root Admin' },
    { roletype: 'DomainAdmin', rolename: 'Domain Admin' },
  ] as const;
  return roles[account.type];
}

function domainOf(domain: Domain): object {
  return { domainid: domain.id, domain: domain.name };
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
  return { ...SAMPLES.project, ...names, ...domainOf(row.domain), owner, created: dateText(row.created) };
}

function getUser({ cloud, params }: Context): object {
  const user = cloud.users.find((row) => row.apiKey === params.text('userapikey'));
  if (user === undefined) throw runtime('unable to find user by api key');
  return { user: userView(user) };
}

function getUserKeys({ cloud, caller, params }: Context): object {
  const user = params.row('id', cloud.users);
  const own = caller.role === 'u' ? user === caller.user : mayUse(caller, user.account);
  if (!own) throw denied();
  return { userkeys: { apikey: user.apiKey, secretkey: user.secretKey, apikeyaccess: true } };
}
