import type { ClientOptions } from '@fairlead/ovh';
import type { CallWords } from './call-words.ts';

/** A public call needs no keys at all. */
export function clientOptionsOf(words: Pick<CallWords, 'auth'>): ClientOptions {
  return { bigints: 'bigint', ...(words.auth ? {} : { auth: 'none' }) };
}
