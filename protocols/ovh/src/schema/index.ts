export type { RouteFacts, RouteMetadata } from '../client/metadata.ts';
export type * from './catalogue.ts';
export { describeRoute, type FoundRoute, searchRoutes } from './describe.ts';
export { type ChangedRoute, diffCatalogues, type SchemaDiff } from './diff.ts';
export { type FetchedSchemas, type FetchOptions, fetchSchemas } from './fetch-schemas.ts';
export { generateMetadata } from './generate-metadata.ts';
export { type GenerateOptions, generateTypes } from './generate-types.ts';
export { readSchemaFolder } from './read-folder.ts';
export { readSchemas, type SchemaDocument } from './read-schemas.ts';
