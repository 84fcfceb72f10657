/** What may be said of TLS. There is no way here to turn verification off: `NODE_TLS_REJECT_UNAUTHORIZED` does not count either. */
export interface TlsOptions {
  /** Roots trusted besides those of Node, as PEM: for the API, and for an `https:` proxy. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** Our certificate and its key, as PEM. */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  readonly passphrase?: string | undefined;
  /** The name to ask for and to verify, instead of that in the URL. */
  readonly servername?: string | undefined;
}
