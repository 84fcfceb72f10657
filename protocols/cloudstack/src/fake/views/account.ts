import type { Caller } from '../caller.ts';
import type { Cloud } from '../cloud.ts';
import { SAMPLES } from '../data/samples.ts';
import { countOf, limitOf, RESOURCES } from '../limits.ts';
import type { Account, KeyPair, Role, User } from '../model.ts';
import { dateText } from '../time.ts';

/** An account with its users, counts and limits. */
export function accountView(cloud: Cloud, caller: Caller, row: Account): object {
  const owned = cloud.vms.filter((vm) => vm.owner === row);
  const { apikeyaccess: _hidden, receivedbytes, sentbytes, ...rest } = SAMPLES.account;
  return {
    ...rest,
    ...(owned.some((vm) => vm.stats) ? { receivedbytes, sentbytes } : {}),
    id: row.id,
    name: row.name,
    accounttype: row.type,
    ...roleView(cloud, row),
    domainid: row.domain.id,
    domain: row.domain.name,
    domainpath: row.domain.path,
    ...Object.assign({}, ...RESOURCES.map((resource) => amountView(cloud, row, resource))),
    vmrunning: owned.filter((vm) => vm.state === 'Running').length,
    vmstopped: owned.filter((vm) => vm.state === 'Stopped').length,
    state: row.state,
    created: dateText(row.created),
    user: cloud.users.filter((user) => user.account === row).map((user) => userView(cloud, user)),
    isdefault: row.name === 'admin',
    ...accessView(caller),
  };
}

/** Only a root admin is told whether keys may be used. */
export function accessView(caller: Caller, access = 'INHERIT'): object {
  return caller.role === 'a' ? { apikeyaccess: access } : {};
}

function amountView(cloud: Cloud, account: Account, resource: (typeof RESOURCES)[number]): object {
  const limit = limitOf(account, resource);
  const total = countOf(cloud, account, resource);
  const left = String(Math.max(0, limit - total));
  const { field } = resource;
  return {
    [`${field}limit`]: limit < 0 ? 'Unlimited' : String(limit),
    [`${field}total`]: total,
    [`${field}available`]: limit < 0 ? 'Unlimited' : left,
  };
}

export function userView(cloud: Cloud, row: User): object {
  const { apikeyaccess: _hidden, ...rest } = SAMPLES.user;
  const { account } = row;
  const key = row.keys.at(-1)?.apiKey;
  return {
    ...rest,
    id: row.id,
    username: row.username,
    firstname: row.firstname,
    lastname: row.lastname,
    email: row.email,
    created: dateText(row.created),
    state: stateOf(row),
    account: account.name,
    accountid: account.id,
    accounttype: account.type,
    ...roleView(cloud, account),
    domainid: account.domain.id,
    domain: account.domain.name,
    apikey: key,
    isdefault: row.username === 'admin',
  };
}

function stateOf(user: User): string {
  if (!user.enabled) return 'disabled';
  return user.locked ? 'locked' : 'enabled';
}

/** The role that goes with the account's type. */
function roleView(cloud: Cloud, account: Account): object {
  const role = roleOf(cloud, account);
  return { roleid: role?.id, roletype: role?.type, rolename: role?.name };
}

function roleOf(cloud: Cloud, account: Account): Role | undefined {
  const types = ['User', 'Admin', 'DomainAdmin'] as const;
  return cloud.roles.find((role) => role.type === types[account.type]);
}

const ACCOUNT_TYPES = ['NORMAL', 'ADMIN', 'DOMAIN_ADMIN'] as const;

/** A pair of keys with its owner; the secret is in it. */
export function keyPairView(cloud: Cloud, user: User, pair: KeyPair): object {
  const { account } = user;
  return {
    name: pair.name,
    apikey: pair.apiKey,
    secretkey: pair.secretKey,
    userid: user.id,
    username: user.username,
    id: pair.id,
    ...(pair.description === undefined ? {} : { description: pair.description }),
    ...(pair.start === undefined ? {} : { startdate: dateText(pair.start) }),
    ...(pair.end === undefined ? {} : { enddate: dateText(pair.end) }),
    created: dateText(pair.created),
    accounttype: ACCOUNT_TYPES[account.type],
    accountid: account.id,
    accountname: account.name,
    ...roleView(cloud, account),
    domainid: account.domain.id,
    domain: account.domain.name,
    domainpath: account.domain.path,
    state: 'ENABLED',
  };
}
