import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { NetworkError, TimeoutError } from '../errors/errors.ts';

export interface BodyLimits {
  readonly maxResponseBytes: number;
  /** Between two pieces, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The body of an answer: decompressed, no longer than allowed, and ended by an error when it stops coming. */
export function bodyOf(message: IncomingMessage, method: string, limits: BodyLimits): Readable {
  const decoder = decoderFor(message, method);
  const gauge = gaugeOf(limits);
  const settle = (error: Error | null | undefined): void => {
    limits.signal.removeEventListener('abort', abort);
    if (error) message.destroy();
  };
  const abort = (): void => {
    gauge.destroy(limits.signal.reason as Error);
  };
  limits.signal.addEventListener('abort', abort, { once: true });
  if (decoder === undefined) pipeline(message, gauge, settle);
  else pipeline(message, decoder, gauge, settle);
  if (limits.signal.aborted) abort();
  return gauge;
}

function decoderFor(message: IncomingMessage, method: string): Transform | undefined {
  const bodiless =
    method === 'HEAD' || message.statusCode === 204 || message.statusCode === 304 || message.headers['content-length'] === '0';
  if (bodiless) return undefined;
  switch (message.headers['content-encoding']?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      return createInflate();
    default:
      return undefined;
  }
}

/** Counts bytes and time. */
function gaugeOf(limits: BodyLimits): Transform {
  let bytes = 0;
  const late = (): void => {
    gauge.destroy(new TimeoutError(`No piece of the body came within ${limits.timeoutMs} ms`, { phase: 'body', sent: true }));
  };
  let timer = setTimeout(late, limits.timeoutMs);
  const gauge = new Transform({
    transform(piece: Buffer, _encoding, done) {
      clearTimeout(timer);
      timer = setTimeout(late, limits.timeoutMs);
      bytes += piece.length;
      if (bytes <= limits.maxResponseBytes) return done(null, piece);
      done(new NetworkError(`The answer is longer than ${limits.maxResponseBytes} bytes (maxResponseBytes)`, true));
    },
    flush(done) {
      clearTimeout(timer);
      done();
    },
    destroy(error, done) {
      clearTimeout(timer);
      done(error);
    },
  });
  return gauge;
}
