import type { Catalogue, ModelInfo, RouteInfo } from './catalogue.ts';

/** A route with what its types refer to. */
export interface FoundRoute {
  /** The template. */
  readonly path: string;
  /** Its operations, by method. */
  readonly operations: readonly RouteInfo[];
  /** Every model that they mention, also within models, by name. */
  readonly models: readonly ModelInfo[];
}

/** The operations of a path: a template, or a concrete path such as `/vps/vps-1.ovh.net`. Undefined where there is none. */
export function describeRoute(_catalogue: Catalogue, _path: string): FoundRoute | undefined {
  return undefined;
}

/** Operations whose method, path or description has each of the words; those whose path has them come first. */
export function searchRoutes(_catalogue: Catalogue, _words: string): readonly RouteInfo[] {
  return [];
}
