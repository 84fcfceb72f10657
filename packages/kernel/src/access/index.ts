export { type CallerFacts, callerAddress } from './caller.ts';
export { isNetwork, Networks, plainAddress } from './networks.ts';
