/** What a schema says about one operation besides its types. Members that are absent are false, or empty. */
export interface RouteFacts {
  readonly deprecated?: {
    /** Plain days. */
    readonly since?: string;
    readonly until?: string;
    readonly replacement?: string;
  };
  readonly iamActions?: readonly string[];
  /** The API can answer this list with objects instead of ids. */
  readonly expandable?: boolean;
  /** Has the cursors of v2. */
  readonly paginated?: boolean;
  /** May be called by anybody. */
  readonly noAuth?: boolean;
}

/** What a client may know about the routes of a universe: made by generateMetadata() of `@fairlead/ovh/schema`. */
export interface RouteMetadata {
  /** By method and template: `GET /vps/{serviceName}`. */
  readonly routes: { readonly [route: string]: RouteFacts };
  /** Names of members that hold secrets. */
  readonly secrets: readonly string[];
}
