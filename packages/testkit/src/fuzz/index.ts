export { type FuzzBeat, readBeat } from './beat.ts';
export { hostileBytes, hostileText } from './hostile.ts';
export { mutatedBytes, mutatedText } from './mutate.ts';
export { type FuzzRecord, fuzzPlan } from './plan.ts';
export { type FuzzOptions, type FuzzProperty, fuzz, refusedWith } from './run.ts';
