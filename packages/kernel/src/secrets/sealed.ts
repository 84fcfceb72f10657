/** A column of sealed texts, as its owner declares it, so that they can be sealed anew. */
export interface SealedColumn {
  readonly table: string;
  /** The primary key, one column of text. */
  readonly id: string;
  /** Sealed texts or null. */
  readonly column: string;
  /** What `Secrets.seal` is given: a word, or a prefix and a column of the same row behind it. */
  readonly purpose: string | { readonly prefix: string; readonly column: string };
}

/** Rows with digests: they are found for as long as the secret of that time is known, and end by themselves. */
export interface DigestColumn {
  readonly table: string;
  /** Digest or null; null counts no more. */
  readonly column: string;
  /** When the row was made, in milliseconds. */
  readonly created: string;
}
