import type { CommandTable } from '../command.ts';

/** `api.throttling.*` as an account sees it. */
export const apiLimitCommands: CommandTable = {
  getApiLimit: ({ caller, throttle }) => {
    const { issued, allowed, expireAfterMs } = throttle.stateOf(caller);
    const { id: accountid, name: account } = caller.account;
    return { apilimit: { accountid, account, apiIssued: issued, apiAllowed: allowed, expireAfter: expireAfterMs } };
  },
};
