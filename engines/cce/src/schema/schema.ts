/** The schema as the engine uses it (cce 2): what all `.schema` files together say. */
export interface Schema {
  readonly classes: ReadonlyMap<string, ClassType>;
  /** Those of the files; the rules that are there without a file are not among them. */
  readonly rules: ReadonlyMap<string, RuleDefinition>;
  readonly typedefs?: ReadonlyMap<string, Typedef>;
}

export interface ClassType {
  readonly name: string;
  /** Every namespace in the order of the files; the default one has the empty name, is always there and stands first. */
  readonly namespaces: ReadonlyMap<string, NamespaceType>;
}

export interface NamespaceType {
  readonly class: string;
  readonly name: string;
  /** What GET shows as CLASSVER. */
  readonly version: string;
  /** A rule expression (cce 3.3); blank: sysadmins only. */
  readonly createAcl: string;
  readonly destroyAcl: string;
  readonly properties: ReadonlyMap<string, Property>;
  /** Properties with an equality index. */
  readonly indexes: ReadonlySet<string>;
  /** Those of them that say `unique="1"`: a value that is not empty exists once in the class, also between two gateways (cce 3.2). */
  readonly uniqueIndexes: ReadonlySet<string>;
}

export interface Property {
  readonly name: string;
  readonly type: Typedef;
  /** Not validated (cce 2.3). */
  readonly default: string;
  readonly optional: boolean;
  readonly array: boolean;
  /** Blank: `ruleUser`. */
  readonly readAcl: string;
  /** Blank: sysadmins only. */
  readonly writeAcl: string;
  /** Lives as long as the transaction: handlers see it, the storage does not (cce 16). */
  readonly nosave?: boolean;
}

export interface Typedef {
  readonly name: string;
  /**
   * `unknown`: a property names a type that no file defines, which accepts any value (cce 2.3), or one whose data cannot be used, which
   * accepts none and is refused with `[[base-cce.unknownType]]`.
   */
  readonly kind: 're' | 'enum' | 'extern' | 'unknown';
  /** The pattern as in the file, the list of an enum, or the path of a program. */
  readonly data: string;
  /** What a 302 says; `[[base-cce.invalidData]]` when the file gives none. */
  readonly errorMessage: string;
  /** Whether one value (one element of an array) fits. An `extern` type is asked through the port of programs instead. */
  accepts(value: string): boolean;
}

export interface RuleDefinition {
  readonly name: string;
  readonly kind: 'builtin' | 'acl' | 'exec' | 'perl' | 'native';
  /** The expression, or the path of a program. */
  readonly data: string;
}

/** A `.schema` or `.conf` file that somebody has read. */
export interface SourceFile {
  /** For messages. */
  readonly file: string;
  readonly text: string;
}

/** Something to be told about a file; `error` makes `lint` fail. */
export interface LintFinding {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly text: string;
}
