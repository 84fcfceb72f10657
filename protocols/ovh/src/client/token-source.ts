import type { TokenProvider } from '../config/settings.ts';
import { InvalidCallError } from '../errors/errors.ts';
import type { Clock } from './clock.ts';
import { SingleFlight } from './single-flight.ts';

/** A token and the moment, in ms since 1970, until which it is used. */
export interface HeldToken {
  readonly token: string;
  readonly useUntil: number;
}

/** Gives access tokens; one fetch serves all who ask at once. */
export interface TokenSource {
  token(signal: AbortSignal): Promise<string>;
  /** The server did not accept it. True where another one can be had. */
  reject(token: string): boolean;
}

export function isHeldToken(value: Partial<HeldToken> | null | undefined): value is HeldToken {
  return typeof value?.token === 'string' && value.token !== '' && typeof value.useUntil === 'number';
}

const LONGEST_MARGIN_MS = 60_000;

/** When to stop using a token: a minute or a tenth of its life early, whichever is less (spec 3.8). */
export function useUntil(now: number, lifetimeMs: number): number {
  return now + lifetimeMs - Math.min(LONGEST_MARGIN_MS, lifetimeMs / 10);
}

/** A token given once and for all. */
export function fixedToken(token: string): TokenSource {
  return { token: async () => token, reject: () => false };
}

/** Keeps what `fetch` gives until it ends or is rejected. `useUntil` of a time past means: ask anew for each call. */
export function heldTokens(fetch: (signal: AbortSignal, rejected: string | undefined) => Promise<HeldToken>, clock: Clock): TokenSource {
  let held: HeldToken | undefined;
  let rejected: string | undefined;
  const flight = new SingleFlight(async (signal) => {
    held = await fetch(signal, rejected);
    return held;
  });
  return {
    async token(signal) {
      if (held !== undefined && clock.now() < held.useUntil) return held.token;
      return (await flight.run(signal)).token;
    },
    reject(token) {
      rejected = token;
      if (held?.token === token) held = undefined;
      return true;
    },
  };
}

/** Tokens of a function of the caller's: kept until they end where it says when, asked for anew each time otherwise. */
export function providedTokens(provide: TokenProvider, clock: Clock): TokenSource {
  return heldTokens(async (signal) => {
    const given = await provide(signal);
    if (typeof given === 'string') return { token: given, useUntil: 0 };
    if (typeof given?.token !== 'string')
      throw new InvalidCallError('the function accessToken gave neither a text nor { token, expiresAt }');
    const now = clock.now();
    return { token: given.token, useUntil: useUntil(now, Number(given.expiresAt) - now) };
  }, clock);
}
