export { addressKey } from './address.ts';
export { Gate } from './gate.ts';
export { type BanRule, Limits } from './limits.ts';
