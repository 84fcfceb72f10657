/** What nobody could verify about the real API. Each is an option, so that a client can be tested with every answer. */
export interface Unsettled {
  /** Whether lists of v1 give objects to those who send `X-Pagination-Mode`. Default true. */
  readonly objectLists: boolean;
  /** Members of the items of a batch: `key`, `value` and `error`, or `value` alone; `off`: `X-Ovh-Batch` means nothing. Default `full`. */
  readonly batch: 'full' | 'value' | 'off';
  /** Which rules count for a path of v2: those with `/v2`, those without, or both. Default `either`. */
  readonly v2Rules: 'either' | 'prefixed' | 'bare';
  /** Class of a 401. Default `Client::Unauthorized`. */
  readonly unauthorizedClass: string;
  /** Message of a 404 for an object; `{member}` and `{value}` are replaced. */
  readonly missingObject: string;
  /** How a 429 says when to come again. Default `seconds`. */
  readonly retryAfter: 'seconds' | 'date' | 'none';
}

const ASSUMED: Unsettled = {
  objectLists: true,
  batch: 'full',
  v2Rules: 'either',
  unauthorizedClass: 'Client::Unauthorized',
  missingObject: 'The requested object ({member} = {value}) does not exist',
  retryAfter: 'seconds',
};

/** What is assumed where nothing is said. */
export function settled(wishes: Partial<Unsettled> = {}): Unsettled {
  return { ...ASSUMED, ...wishes };
}
