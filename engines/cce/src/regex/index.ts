export { CALLER_PATTERN_BYTES, compileEre, type Ere, type EreOptions, type EreResult } from './ere.ts';
