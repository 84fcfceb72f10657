export { type OvhAccount, ovhAccounts } from './accounts.ts';
export { bridge } from './bridge.ts';
