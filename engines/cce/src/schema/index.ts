export type { LoadOptions } from './file-reader.ts';
export { lintSchema } from './lint.ts';
export { loadSchema } from './load.ts';
export type { NamespaceType, Property, Schema } from './schema.ts';
export { INVALID_DATA } from './typedef.ts';
export { UNKNOWN_ATTRIBUTE, UNKNOWN_TYPE, validateExtern, validateValue } from './validate.ts';
