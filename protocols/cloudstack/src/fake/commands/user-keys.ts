import { denied, invalid, runtime } from '../api-error.ts';
import { type Caller, mayUse } from '../caller.ts';
import type { CommandTable, Context } from '../command.ts';
import type { KeyPair, User } from '../model.ts';
import { pageOf } from '../paging.ts';
import { addKeyPair } from '../seed.ts';
import { keyPairView } from '../views/account.ts';

/** Key pairs of users: new ones are added, all of them work (fact 24 of the recordings). */
export const userKeyCommands: CommandTable = {
  getUserKeys: (context) => getUserKeys(context),
  listUserKeys: (context) => pageOf(context.params, 'userapikey', pairs(context), ([user, pair]) => keyPairView(context.cloud, user, pair)),
  registerUserKeys: (context) => registerUserKeys(context),
  deleteUserKeys: (context) => deleteUserKeys(context),
};

/** An ordinary account's user has its own, an administrator those of its accounts. */
function ownsKeys(caller: Caller, user: User): boolean {
  return caller.role === 'u' ? user === caller.user : mayUse(caller, user.account);
}

function getUserKeys({ cloud, caller, params }: Context): object {
  const user = params.row('id', cloud.users);
  if (!ownsKeys(caller, user)) throw denied();
  const newest = user.keys.at(-1);
  const keys = newest === undefined ? {} : { apikey: newest.apiKey, secretkey: newest.secretKey };
  return { userkeys: { ...keys, apikeyaccess: user.apiKeyAccess !== 'DISABLED' } };
}

function pairs({ cloud, caller, params }: Context): Array<readonly [User, KeyPair]> {
  const asked = params.optionalRow('userid', cloud.users);
  const pairId = params.text('keypairid');
  const wide = params.flag('listall') || pairId !== undefined;
  return cloud.users
    .filter((user) => ownsKeys(caller, user) && (asked === undefined ? wide || user === caller.user : user === asked))
    .flatMap((user) => user.keys.map((pair) => [user, pair] as const))
    .filter(([, pair]) => pairId === undefined || pair.id === pairId);
}

function registerUserKeys({ cloud, caller, params, job }: Context): object {
  const user = params.row('id', cloud.users);
  const [start, end] = [timeOf(params.text('startdate')), timeOf(params.text('enddate'))];
  return job({
    instance: { type: 'User', id: user.id },
    run: () => {
      if (!ownsKeys(caller, user)) throw runtime('Caller does not have permission to operate with provided resource.');
      const pair = addKeyPair(cloud, user, { name: params.text('name'), description: params.text('description'), start, end });
      return { userkeys: keyPairView(cloud, user, pair) };
    },
  });
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(`Invalid date ${text}`);
  return time;
}

function deleteUserKeys({ cloud, caller, params, job }: Context): object {
  const pair = params.row(
    'keypairid',
    cloud.users.flatMap((user) => user.keys),
  );
  return job({
    run: () => {
      const user = cloud.users.find((row) => row.keys.includes(pair));
      if (user === undefined || !ownsKeys(caller, user))
        throw runtime('Caller does not have permission to operate with provided resource.');
      user.keys.splice(user.keys.indexOf(pair), 1);
      return { success: true };
    },
  });
}
