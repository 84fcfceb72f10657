import type { RouteMetadata } from '../client/metadata.ts';
import type { Catalogue } from './catalogue.ts';

/** What a client may know about its routes at run time: see ClientOptions.metadata. */
export function generateMetadata(_catalogue: Catalogue): RouteMetadata {
  return { routes: {}, secrets: [] };
}
