import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 weigh memory outside of its heap together with the heap. By default every few dozen MiB of buffers begin a collection of the whole heap,
 * and a body that comes in TLS records is nothing but short-lived buffers: some thirty collections for each GiB, for which the small collections of
 * young memory are enough. The setting is one of the process; repeating it does no harm. `apps/fairlead/node-flags` has what only counts at the start.
 */
export function collectLess(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit');
}
