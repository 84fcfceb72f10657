import type { Log } from '@fairlead/kernel/log';
import { createUpstream } from '@fairlead/kernel/upstream';
import { privateHost, type Resolve, systemResolve } from '../net/public-host.ts';
import type { FetchKeys } from './key-cache.ts';

export interface KeyFetcherOptions {
  readonly log: Log;
  /** PEM of roots to trust instead of the system's. */
  readonly ca?: string | readonly string[] | undefined;
  /** Addresses of private networks may be talked to: for the fake. */
  readonly allowPrivate?: boolean | undefined;
  readonly resolve?: Resolve | undefined;
}

const CALL_MS = 10_000;
const MAX_ANSWER = 256 * 1024;

/** Fetches the keys of an issuer: verified TLS, 10 s, 256 KiB, no redirects. */
export function keyFetcher({ log, ca, allowPrivate, resolve = systemResolve }: KeyFetcherOptions): FetchKeys {
  return async (url, signal) => {
    const { origin, pathname, search } = new URL(url);
    const reason = allowPrivate === true ? undefined : await privateHost(url, resolve);
    if (reason !== undefined) throw new Error(reason);
    const waits = { connectMs: CALL_MS, headersMs: CALL_MS, bodyMs: CALL_MS };
    const upstream = createUpstream({ name: 'Acronis keys', baseUrl: origin, ca, ...waits, maxBodyBytes: MAX_ANSWER, connections: 1, log });
    try {
      const ends = AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)]);
      return await upstream.json<unknown>({ method: 'GET', path: `${pathname}${search}`, signal: ends }, { parse: (value) => value });
    } catch (error) {
      log.warn({ error, url }, 'the keys of request tokens cannot be fetched');
      throw error;
    } finally {
      await upstream.close();
    }
  };
}
