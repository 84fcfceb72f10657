/** Who has to act: the caller (mend the request), the upstream (their side is ill), or the gateway (ours is). */
export type Blame = 'caller' | 'upstream' | 'gateway';

/** One row of an error table. `text` is public; `{name}` is replaced from the detail. `reason` is a short title for faces that have one. */
export interface ErrorRow {
  /** HTTP-like status, 400 to 599. Faces without HTTP map it themselves. */
  readonly status: number;
  readonly blame: Blame;
  readonly text: string;
  /** What the person who meets this error does about it; printed in the error reference. */
  readonly help?: string;
}

export interface ErrorSpec extends ErrorRow {
  readonly code: string;
}

/** Facts about one failure. Public texts may quote them by `{name}`; never put a secret here. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface ErrorOptions {
  readonly cause?: unknown;
  /** Seconds after which a retry makes sense (`Retry-After`). */
  readonly retryAfterS?: number;
}

/** Every failure that a face may answer with. Unknown errors become `FAIRLEAD_INTERNAL`, and their text goes to the log only. */
export class GatewayError extends Error {
  readonly code: string;
  readonly status: number;
  readonly blame: Blame;
  readonly detail: ErrorDetail;
  readonly retryAfterS: number | undefined;
  /** What the person who meets it does about it. */
  readonly help: string | undefined;

  constructor(spec: ErrorSpec, detail: ErrorDetail = {}, options: ErrorOptions = {}) {
    super(fill(spec.text, detail), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.code = spec.code;
    this.status = spec.status;
    this.blame = spec.blame;
    this.detail = detail;
    this.retryAfterS = options.retryAfterS;
    this.help = spec.help;
  }

  /** The text that any caller may see. */
  get publicText(): string {
    return this.message;
  }

  static from(error: unknown): GatewayError {
    if (error instanceof GatewayError) return error;
    return new GatewayError(INTERNAL, {}, { cause: error });
  }
}

const INTERNAL: ErrorSpec = {
  code: 'FAIRLEAD_INTERNAL',
  status: 500,
  blame: 'gateway',
  text: 'The gateway failed to carry this out. The log of the gateway says why.',
  help: 'Look for the correlation id of the request in the log and report the stack trace found there.',
};

export interface ErrorFactory<Code extends string> {
  (code: Code, detail?: ErrorDetail, options?: ErrorOptions): GatewayError;
  readonly specs: readonly ErrorSpec[];
  is(error: unknown, code: Code): error is GatewayError;
}

/** Declares the codes of one package; calling the result makes an error to throw. */
export function defineErrors<const Rows extends Readonly<Record<string, ErrorRow>>>(rows: Rows): ErrorFactory<keyof Rows & string> {
  const specs = new Map(Object.entries(rows).map(([code, row]) => [code, { code, ...row } satisfies ErrorSpec]));
  const make = (code: string, detail?: ErrorDetail, options?: ErrorOptions): GatewayError =>
    new GatewayError(specs.get(code) ?? INTERNAL, detail, options);
  return Object.assign(make, {
    specs: [...specs.values()],
    is: (error: unknown, code: string): error is GatewayError => error instanceof GatewayError && error.code === code,
  });
}

/** The codes that any part may meet. */
export const FairleadError = defineErrors({
  FAIRLEAD_INTERNAL: INTERNAL,
  FAIRLEAD_CONFIG: {
    status: 500,
    blame: 'caller',
    text: 'The configuration has mistakes:\n{report}',
    help: 'Mend the named keys; `fairlead config check` lists every mistake, `fairlead config sample` every key.',
  },
  FAIRLEAD_STORE: {
    status: 503,
    blame: 'gateway',
    text: 'The store cannot be used: {reason}',
    help: 'Check `[store] url`, the disk space below `[server] state_dir` and the rights of the user that runs Fairlead.',
  },
  FAIRLEAD_SECRET_UNREADABLE: {
    status: 500,
    blame: 'gateway',
    text: 'A kept secret cannot be read back: it was written under another server secret (key id {keyId}).',
    help: 'Put the secret of that time into `[security] former_hmac_secret`, or log in again so that the secret is kept anew; `fairlead secret status` lists the key ids.',
  },
  FAIRLEAD_SECRET_DIFFERS: {
    status: 500,
    blame: 'gateway',
    text: 'The gateway {gateway} on the same store, seen {seconds} seconds ago, has the server secret with key id {theirs}, this one {ours}; they could not read what the other writes.',
    help: 'Make each secret known to both as `[security] former_hmac_secret` before it is used (docs/operate/secrets.md). A gateway that was killed counts for a minute more.',
  },
  FAIRLEAD_CERTIFICATE: {
    status: 500,
    blame: 'gateway',
    text: 'The certificate {file} cannot be used: {reason}',
    help: 'Check the files named in `[ssl]`: certificate and key must be PEM and belong together.',
  },
  FAIRLEAD_LISTEN: {
    status: 500,
    blame: 'gateway',
    text: 'Cannot listen on {address}: {reason}',
    help: 'Another program may hold the port, or the address is not one of this machine. See `[server] host` and `port`.',
  },
  FAIRLEAD_UPSTREAM_UNREACHABLE: {
    status: 503,
    blame: 'upstream',
    text: '{upstream} cannot be reached: {reason}',
    help: 'Check the address in the configuration, the network and the certificate of that system.',
  },
  FAIRLEAD_UPSTREAM_TIMEOUT: {
    status: 504,
    blame: 'upstream',
    text: '{upstream} did not answer in time: {reason}',
    help: 'That system is overloaded or a firewall drops packets; try again, and look at its own log.',
  },
  FAIRLEAD_UPSTREAM_ANSWER: {
    status: 502,
    blame: 'upstream',
    text: '{upstream} gave an answer that cannot be used: {reason}',
    help: 'Check that the address in the configuration is really that system and not a proxy or an error page.',
  },
  FAIRLEAD_BANNED: {
    status: 429,
    blame: 'caller',
    text: 'Too many failed logins. Try again in {seconds} seconds.',
    help: 'Wait, and correct the credentials of the tool that tries; the log names the address and the login.',
  },
});

function fill(text: string, detail: ErrorDetail): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = detail[name];
    return value === undefined ? whole : String(value);
  });
}
