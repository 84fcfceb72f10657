/** One request as it goes out: `url` is the exact string that was signed. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/** How long to wait, in ms. */
export interface WireTimeouts {
  /** From the start to a connection, with proxy and TLS. */
  readonly connect: number;
  /** From there to the head of the answer. */
  readonly headers: number;
  /** Between two pieces of the body. */
  readonly body: number;
}

export interface SendOptions {
  readonly timeouts: WireTimeouts;
  readonly signal: AbortSignal;
  /** Of the body after decompression. */
  readonly maxResponseBytes: number;
}

/** A body as it comes in; it has to be read or destroyed. Readable streams of Node are such bodies too. */
export interface WireBody extends AsyncIterable<Uint8Array> {
  /** The rest is not wanted. */
  destroy(error?: Error): void;
  /** All of it at once, where the transport can do that better than piece by piece. */
  bytes?(): Promise<Uint8Array>;
}

/** The head of an answer; the body is decompressed, limited, and under the body timeout. It must be read or destroyed. */
export interface WireAnswer {
  readonly status: number;
  /** Names in lower case; several values of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: WireBody;
}

/**
 * Sends one request once: no redirect is followed, nothing is repeated.
 * Throws NetworkError and TimeoutError, both saying whether the request may have been sent, or the signal's reason.
 */
export interface Transport {
  send(request: WireRequest, options: SendOptions): Promise<WireAnswer>;
  /** Ends idle connections and breaks busy ones. */
  close(): void;
}
