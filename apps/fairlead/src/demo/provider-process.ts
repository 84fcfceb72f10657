import { createLog } from '@fairlead/kernel/log';
import { startWorld, type World } from './world.ts';

/** What `provider.ts` learns of the world in this process. */
export type ProviderFacts = Pick<
  World,
  'baseUrl' | 'caFile' | 'user' | 'password' | 'vmName' | 'vmDiskPath' | 'addresses' | 'cce' | 'ovh' | 'cyberapp'
>;

/** Answers to `provider.ts`: first the facts, then one for each question. */
export type ProviderAnswer = { readonly facts: ProviderFacts } | { readonly volumePath: string };

const [stateDir = '', logFile = '', ...acronisLines] = process.argv.slice(2);
// Ctrl-C goes to the whole group; the end of the demo is what ends this process.
process.on('SIGINT', () => undefined);
const world = await startWorld({ stateDir, log: createLog({ level: 'info', file: logFile }), acronisLines });
const { baseUrl, caFile, user, password, vmName, vmDiskPath, addresses, cce, ovh, cyberapp } = world;

function answer(words: ProviderAnswer): void {
  process.send?.(words);
}

process.on('message', (volumeId: string) => answer({ volumePath: world.cloud.volumePath(volumeId) }));
process.once('disconnect', () => void world[Symbol.asyncDispose]());
answer({ facts: { baseUrl, caFile, user, password, vmName, vmDiskPath, addresses, cce, ovh, cyberapp } });
