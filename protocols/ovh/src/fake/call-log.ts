import type { IncomingHttpHeaders } from 'node:http';

/** What happened to one call. */
export interface LogEntry {
  /** Unix ms of the fake's clock. */
  readonly at: number;
  readonly method: string;
  /** Of the request line, untouched. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** 0 when nothing was answered. */
  readonly status: number;
  /** `ok`, `fault: <kind>`, or the error's code, else its class. */
  readonly verdict: string;
  readonly queryId: string;
  /** Of the caller, when it has one. */
  readonly credentialId?: number;
  readonly clientId?: string;
}

/** The latest calls, oldest first. */
export class CallLog {
  readonly entries: LogEntry[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  add(entry: LogEntry): void {
    if (this.#size === 0) return;
    if (this.entries.length >= this.#size) this.entries.shift();
    this.entries.push(entry);
  }

  clear(): void {
    this.entries.length = 0;
  }
}
