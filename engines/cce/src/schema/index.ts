export type { LoadOptions } from './file-reader.ts';
export { type LintSubject, lintSchema } from './lint.ts';
export { type LoadedSchema, loadSchema } from './load.ts';
export type { ClassType, LintFinding, NamespaceType, Property, RuleDefinition, Schema, SourceFile, Typedef } from './schema.ts';
export { INVALID_DATA } from './typedef.ts';
export { type AskExtern, UNKNOWN_ATTRIBUTE, UNKNOWN_TYPE, validateExtern, validateValue } from './validate.ts';
