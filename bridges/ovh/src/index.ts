export { type OvhAccount, ovhAccounts } from './accounts.ts';
