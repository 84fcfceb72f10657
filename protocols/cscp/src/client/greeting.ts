import type { Duplex } from 'node:stream';
import { LineSplitter } from '../codec/line-splitter.ts';
import type { Greeting } from '../codec/reply.ts';
import { GreetingParser } from '../codec/reply-parser.ts';
import { abortedError, CscpError, protocolError } from '../error.ts';

/** A greeting has one line for each event; no server has that many. */
const MAX_GREETING_BYTES = 1024 * 1024;

export interface ConnectLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the greeting (cce 1.2) of a stream that is open or about to be. When that fails the stream is destroyed, and this throws
 * `CSCP_UNREACHABLE`, `CSCP_TIMEOUT`, `CSCP_ABORTED`, `CSCP_CLOSED`, `CSCP_NOT_READY`, `CSCP_PROTOCOL` or `CSCP_TOO_LARGE`.
 */
export async function readGreeting(stream: Duplex, { timeoutMs, signal }: ConnectLimits): Promise<Greeting> {
  const { promise, resolve, reject } = Promise.withResolvers<Greeting>();
  const ear = new GreetingEar(resolve, reject);
  const onAbort = (): void => reject(abortedError(signal, false));
  const timer = setTimeout(() => reject(new CscpError('CSCP_TIMEOUT', `no greeting within ${timeoutMs} ms`)), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  ear.listen(stream);
  try {
    return await promise;
  } catch (error) {
    stream.on('error', () => undefined).destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    ear.leave(stream);
  }
}

/** Hears a greeting out. */
class GreetingEar {
  readonly #resolve: (greeting: Greeting) => void;
  readonly #reject: (error: unknown) => void;
  readonly #splitter = new LineSplitter(MAX_GREETING_BYTES);
  readonly #parser = new GreetingParser();
  #bytes = 0;

  constructor(resolve: (greeting: Greeting) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  listen(stream: Duplex): void {
    stream.on('data', this.#onData).on('error', this.#onError).on('end', this.#onEnd);
  }

  leave(stream: Duplex): void {
    stream.off('data', this.#onData).off('error', this.#onError).off('end', this.#onEnd);
  }

  readonly #onData = (piece: Uint8Array): void => {
    this.#bytes += piece.length;
    try {
      if (this.#bytes > MAX_GREETING_BYTES) throw new CscpError('CSCP_TOO_LARGE', 'the greeting does not end');
      this.#read(this.#splitter.push(piece).lines);
    } catch (error) {
      this.#reject(error);
    }
  };

  #read(lines: readonly string[]): void {
    for (const [index, line] of lines.entries()) {
      const greeting = this.#parser.push(line);
      if (!greeting) continue;
      if (index < lines.length - 1 || this.#splitter.pendingBytes > 0) throw protocolError('the server says more than its greeting');
      this.#resolve(greeting);
      return;
    }
  }

  readonly #onError = (cause: Error): void => {
    const code = this.#bytes === 0 && !('syscall' in cause && cause.syscall === 'read') ? 'CSCP_UNREACHABLE' : 'CSCP_CLOSED';
    this.#reject(new CscpError(code, `no connection to the server: ${cause.message}`, { cause }));
  };

  readonly #onEnd = (): void => {
    this.#reject(new CscpError('CSCP_CLOSED', 'the server closed before its greeting was complete'));
  };
}
