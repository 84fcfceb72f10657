import { callerAddress, hopAddress, Networks, plainAddress } from '@fairlead/kernel/access';
import { CceError } from '../../errors.ts';
import { BoundedMap } from './bounded-map.ts';
import type { ApiCaller } from './gatekeeper.ts';

const REMEMBERED = 1000;
/** Of what is remembered; only who plays makes it longer. */
const LONGEST_KEY = 300;

const localhost = new Networks(['127.0.0.0/8', '::1']);

/** What a request says about where it comes from. */
export interface CallerHeaders {
  /** Address of the other end of the connection. */
  readonly peer: string;
  readonly realIp: string | readonly string[] | undefined;
  readonly forwarded: string | readonly string[] | undefined;
  readonly clientSecret: string | readonly string[] | undefined;
}

/** Finds out who calls (cce 7.1): the peer, or what a trusted proxy says of him. */
export class CallerFinder {
  readonly #trusted: Networks;
  /** Found before: most requests of a client say the same. */
  readonly #found = new BoundedMap<string, Pick<ApiCaller, 'address' | 'local'>>(REMEMBERED);

  /** Throws `RangeError` for what is no address or network. */
  constructor(trustedProxies: readonly string[]) {
    this.#trusted = new Networks(trustedProxies);
  }

  /**
   * Throws `CCE_FORBIDDEN` when a trusted proxy hands on something that is no address, or two headers that contradict each other: many proxies set one
   * of the two and hand on the other as the client sent it.
   */
  callerOf(headers: CallerHeaders): ApiCaller {
    const clientSecret = one(headers.clientSecret);
    const key = JSON.stringify([headers.peer, headers.realIp, headers.forwarded]);
    const known = this.#found.get(key);
    if (known !== undefined) return { ...known, clientSecret };
    const address = this.#addressOf(headers);
    const found = { address, local: localhost.has(address) };
    if (key.length <= LONGEST_KEY) this.#found.set(key, found);
    return { ...found, clientSecret };
  }

  #addressOf({ peer, realIp, forwarded }: CallerHeaders): string {
    const plain = plainAddress(peer);
    if (plain === undefined) throw CceError('CCE_FORBIDDEN');
    if (!this.#trusted.has(plain)) return plain;
    const real = realIp === undefined ? undefined : this.#told(realIp);
    if (forwarded === undefined) return real ?? plain;
    const chained = this.#chained(plain, forwarded);
    // A proxy behind another one may name that in X-Real-IP; then the chain says more.
    if (real !== undefined && real !== chained && !this.#trusted.has(real)) throw CceError('CCE_FORBIDDEN');
    return chained;
  }

  #told(header: string | readonly string[]): string {
    const address = hopAddress((one(header) ?? '').trim());
    if (address === undefined) throw CceError('CCE_FORBIDDEN');
    return address;
  }

  #chained(peer: string, forwarded: string | readonly string[]): string {
    const hops = [forwarded].flat().join(',').split(',');
    const last = hops.findLastIndex((hop) => !this.#trusted.has(hopAddress(hop.trim()) ?? ''));
    const believed = hops.slice(Math.max(last, 0));
    if (believed.some((hop) => hopAddress(hop.trim()) === undefined)) throw CceError('CCE_FORBIDDEN');
    return callerAddress({ peer, forwarded: believed, trusted: this.#trusted });
  }
}

/** A header that came several times is believed in none of its forms. */
function one(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined || typeof header === 'string') return header;
  return header.length === 1 ? header[0] : '';
}
