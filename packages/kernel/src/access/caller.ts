import { type Networks, plainAddress } from './networks.ts';

/** Proxies that stand one behind the other; what a longer chain says is not looked at. */
const MAX_HOPS = 32;

export interface CallerFacts {
  /** Address of the other end of the connection. */
  readonly peer: string;
  /** `X-Forwarded-For` as it came: each proxy adds, at the end, who spoke to it. */
  readonly forwarded: string | readonly string[] | undefined;
  readonly trusted: Networks;
}

/**
 * Who is asking (design 12): the peer, or, where the peer is a trusted proxy, the last one in the chain that is none.
 * Words of a chain are believed from its end, as far as every hop behind them is trusted. An entry that is no IP address ends it:
 * the caller is then the proxy that told it, never a text that somebody typed.
 */
export function callerAddress({ peer, forwarded, trusted }: CallerFacts): string {
  let caller = plainAddress(peer) ?? 'unknown';
  if (forwarded === undefined) return caller;
  const chain = (typeof forwarded === 'string' ? [forwarded] : forwarded).join(',').split(',').slice(-MAX_HOPS);
  for (const hop of chain.reverse()) {
    if (!trusted.has(caller)) return caller;
    const told = hopAddress(hop.trim());
    if (told === undefined) return caller;
    caller = told;
  }
  return caller;
}

/** The address of one entry of a chain, in its one form. Some proxies add the port: `192.0.2.7:4711`, `[2001:db8::1]:4711`. `undefined` for what is none. */
export function hopAddress(hop: string): string | undefined {
  const [, inBrackets] = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(hop) ?? [];
  const [, beforePort] = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(hop) ?? [];
  return plainAddress(inBrackets ?? beforePort ?? hop);
}
