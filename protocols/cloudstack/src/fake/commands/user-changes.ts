import { denied, invalid, runtime } from '../api-error.ts';
import { findAccount, mayUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import type { Account, User } from '../model.ts';
import { stopVm } from '../power.ts';
import { accountView, userView } from '../views/account.ts';

/** Changes of users and accounts: who may log in, and whose keys count. */
export const userChangeCommands: CommandTable = {
  updateUser: (context) => updateUser(context),
  enableUser: (context) => changeUser(context, { enabled: true, locked: false }),
  lockUser: (context) => changeUser(context, { locked: true }),
  disableUser: (context) => disableUser(context),
  enableAccount: (context) => enableAccount(context),
  disableAccount: (context) => disableAccount(context),
  lockAccount: () => {
    throw runtime('LockAccount does not lock Accounts. Its implementation is disabled. Use DisableAccount instead.');
  },
};

function userOf({ cloud, caller, params }: Context): User {
  const user = params.row('id', cloud.users);
  if (caller.role === 'u' ? user !== caller.user : !mayUse(caller, user.account)) throw denied();
  return user;
}

const ACCESS = ['INHERIT', 'ENABLED', 'DISABLED'] as const;

function updateUser(context: Context): object {
  const { cloud, caller, params } = context;
  const user = userOf(context);
  const access = params.text('apikeyaccess')?.toUpperCase();
  const wanted = ACCESS.find((word) => word === access);
  if (access !== undefined && wanted === undefined) throw invalid(`ApiKeyAccess value can only be Enabled/Disabled/Inherit`);
  if (access !== undefined && caller.role !== 'a') throw denied('Only the Root Administrator can change the access to API keys');
  const password = params.text('password');
  if (password !== undefined && caller.role === 'u' && params.text('currentpassword') !== user.password)
    throw invalid('The current password is wrong, or is not given.');
  user.apiKeyAccess = wanted ?? user.apiKeyAccess;
  user.password = password ?? user.password;
  user.username = params.text('username') ?? user.username;
  user.firstname = params.text('firstname') ?? user.firstname;
  user.lastname = params.text('lastname') ?? user.lastname;
  user.email = params.text('email') ?? user.email;
  return { user: userView(cloud, user) };
}

function changeUser(context: Context, change: Partial<Pick<User, 'enabled' | 'locked'>>): object {
  const user = Object.assign(userOf(context), change);
  return { user: userView(context.cloud, user) };
}

function disableUser(context: Context): object {
  const user = userOf(context);
  return context.job({
    run: () => {
      user.enabled = false;
      return { user: userView(context.cloud, user) };
    },
  });
}

function accountOf({ cloud, caller, params }: Context): Account {
  const account =
    params.optionalRow('id', cloud.accounts) ??
    findAccount(cloud, params.text('account') ?? '', params.optionalRow('domainid', cloud.domains)?.id);
  if (account === undefined) throw invalid(`Unable to find account ${params.text('account')}`);
  if (!mayUse(caller, account)) throw denied();
  return account;
}

function enableAccount(context: Context): object {
  const account = accountOf(context);
  account.state = 'enabled';
  return { account: accountView(context.cloud, context.caller, account) };
}

/** `lock=true` leaves its instances alone and its keys working. */
function disableAccount(context: Context): object {
  const { cloud, caller, params, job } = context;
  const account = accountOf(context);
  if (account === caller.account) throw denied('An account cannot disable itself');
  return job({
    run: () => {
      account.state = params.flag('lock') ? 'locked' : 'disabled';
      const running = cloud.vms.filter((vm) => vm.owner === account && vm.state === 'Running');
      if (account.state === 'disabled') for (const vm of running) stopVm(cloud, vm);
      return { account: accountView(cloud, caller, account) };
    },
  });
}
