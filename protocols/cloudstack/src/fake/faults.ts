/** What the fake does instead of answering well. */
export type Fault =
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection ends in the middle of the answer. */
  | { readonly kind: 'cut' }
  /** The connection ends before any answer. */
  | { readonly kind: 'reset' }
  /** No answer ever. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'html'; readonly status?: number }
  | { readonly kind: 'body'; readonly status?: number; readonly contentType?: string; readonly body: string }
  | { readonly kind: 'status'; readonly status: 401 | 429 | 503; readonly retryAfterMs?: number }
  | { readonly kind: 'error'; readonly errorcode: number; readonly cserrorcode?: number; readonly errortext: string }
  /** The command is accepted and its job fails. */
  | { readonly kind: 'job'; readonly errorcode: number; readonly errortext: string }
  /** The command is accepted and its job never ends. */
  | { readonly kind: 'job-hang' }
  /** The command is accepted and its job is never known again; with `effect: false` nothing was done either. Default: it was done. */
  | { readonly kind: 'job-lost'; readonly effect?: boolean }
  /** The command is carried out and the connection ends before any answer. */
  | { readonly kind: 'lost-answer' };

/** Faults that wait for their command. */
export class Faults {
  readonly #waiting: Array<{ readonly command: string; readonly fault: Fault; times: number }> = [];

  /**
   * Lets the next calls of a command go wrong.
   * @param command its name, or `*`
   * @param times how many calls; Infinity until `clear`
   */
  next(command: string, fault: Fault, times = 1): void {
    this.#waiting.push({ command, fault, times });
  }

  /** Takes back what waits for a command, or everything. */
  clear(command?: string): void {
    const kept = this.#waiting.filter((entry) => command !== undefined && entry.command !== command);
    this.#waiting.splice(0, this.#waiting.length, ...kept);
  }

  /** What waits, in the order in which it is used up. */
  list(): ReadonlyArray<{ readonly command: string; readonly fault: Fault; readonly times: number }> {
    return this.#waiting.map((entry) => ({ ...entry }));
  }

  /** The fault of this call, if any; it is used up. */
  take(command: string): Fault | undefined {
    const at = this.#waiting.findIndex((entry) => entry.command === command || entry.command === '*');
    const entry = this.#waiting[at];
    if (entry === undefined) return undefined;
    entry.times -= 1;
    if (entry.times <= 0) this.#waiting.splice(at, 1);
    return entry.fault;
  }
}
