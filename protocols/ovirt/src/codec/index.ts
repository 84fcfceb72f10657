export { type Negotiated, negotiate } from './accept.ts';
export { COLLECTIONS, type Collection, collectionOf, pluralOf } from './collections.ts';
export { type PlainFault, readFault, writeActionFault, writeFault } from './fault.ts';
export { type FollowTree, followed, parseFollow } from './follow.ts';
export * from './ovf/index.ts';
export { booleanParameter, cleanCorrelationId, type MatrixPath, parseBoolean, parseMax, splitMatrix } from './parameters.ts';
export { modelName, type Requirement, requireFields } from './required.ts';
export {
  CONTENT_TYPES,
  type Format,
  MAX_BODY_BYTES,
  type ReadOptions,
  readAny,
  readCollection,
  readResource,
  type Typed,
  writeCollection,
  writeResource,
} from './resource.ts';
export type * from './schema/index.ts';
export { SCHEMA } from './schema/index.ts';
export { type Expression, type MatchOptions, matches, parseSearch, type Search, type SearchRules } from './search.ts';
export { writeXsd } from './xsd.ts';
