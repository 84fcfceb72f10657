export interface CscpStreamOptions {
  /** Milliseconds for the greeting, and for each reply unless a call says otherwise. Absent: 60 s. */
  readonly timeoutMs?: number | undefined;
  /** Ends the attempt to connect; it has nothing to do with the connection later. */
  readonly signal?: AbortSignal | undefined;
  /** Longest line of a request in bytes. Absent: 8 MiB, what our own server takes. */
  readonly maxRequestBytes?: number | undefined;
  /** Largest reply in memory: characters of its lines and 64 for each. Absent: 64 MiB. */
  readonly maxReplyBytes?: number | undefined;
}

export interface CscpClientOptions extends CscpStreamOptions {
  readonly socketPath: string;
}

export interface CallOptions {
  /** The connection is destroyed when it fires before the reply is complete. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the reply, once those before it are complete; the connection is destroyed then. Of `executeAll`: for each. */
  readonly timeoutMs?: number | undefined;
}
