/** A request and the answer to it, as the documentation of the API shows them. */
export interface Example {
  /** Clause of `cce.md`. */
  readonly clause: string;
  /** What is sent. `SESSION` and `TOKEN` stand for those of the scene, `VALID` in `as` adds user and session. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Whose credentials are added: none unless told. */
  readonly as?: 'admin' | 'user1' | 'siteadmin1' | 'expired' | 'token';
  readonly http: number;
  /** The whole body. A string between slashes is a pattern. */
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Examples that follow each other, on a database as the demo's objects make it. */
export interface Scene {
  readonly title: string;
  readonly examples: readonly Example[];
}
