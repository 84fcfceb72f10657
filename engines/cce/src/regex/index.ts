export { CALLER_PATTERN_BYTES, compileEre, type EreOptions } from './ere.ts';
