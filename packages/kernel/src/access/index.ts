export { type CallerFacts, callerAddress, hopAddress } from './caller.ts';
export { isNetwork, Networks, type PlainNetwork, plainAddress, plainNetwork } from './networks.ts';
