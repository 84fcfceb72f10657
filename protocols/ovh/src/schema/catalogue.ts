/** A published parameter of a route. */
export interface RouteParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly type: TypeRef;
  readonly description?: string;
}

/** A type in the words of no document form. */
export type TypeRef =
  | { readonly kind: 'scalar'; readonly name: 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'unknown'; readonly format?: string }
  | { readonly kind: 'enum'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'array'; readonly of: TypeRef }
  | { readonly kind: 'map'; readonly of: TypeRef }
  | { readonly kind: 'object'; readonly properties: readonly ModelProperty[] }
  | { readonly kind: 'model'; readonly name: string }
  | { readonly kind: 'nullable'; readonly of: TypeRef };

export interface ModelProperty {
  readonly name: string;
  readonly type: TypeRef;
  readonly required: boolean;
  readonly readOnly: boolean;
  /** Of the format `password`: never shown, never logged. */
  readonly secret: boolean;
  readonly description?: string;
}

export interface ModelInfo {
  /** With its dots: `dedicated.server.Dedicated`. */
  readonly name: string;
  readonly type: TypeRef;
  readonly description?: string;
}

export interface Deprecation {
  /** Plain days. */
  readonly since?: string;
  readonly until?: string;
  readonly replacement?: string;
}

/** One operation. */
export interface RouteInfo {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** Template; those of v2 begin with `/v2`, those of v1 with nothing. */
  readonly path: string;
  /** `vps`, `dedicated/server`, `v2/iam`. */
  readonly section: string;
  readonly description: string;
  /** `production`, `beta`, `alpha`, `internal`, `deprecated`. */
  readonly status: string;
  readonly deprecation?: Deprecation;
  /** May be called by anybody. */
  readonly noAuth: boolean;
  readonly iamActions: readonly string[];
  /** The model of the objects that a list of ids can be expanded to by the server. */
  readonly expandsTo?: string;
  /** Has the cursor headers of v2. */
  readonly paginated: boolean;
  readonly parameters: readonly RouteParameter[];
  readonly body?: { readonly type: TypeRef; readonly required: boolean };
  readonly response: TypeRef;
}

/** What the schema documents of one universe say together. */
export interface Catalogue {
  /** By path, then by method. */
  readonly routes: readonly RouteInfo[];
  readonly models: ReadonlyMap<string, ModelInfo>;
  /** Documents that were read, with their SHA-256 in hexadecimal. */
  readonly documents: readonly { readonly name: string; readonly sha256: string }[];
}
