import { X509Certificate } from 'node:crypto';
import type { Clock } from '../clock/index.ts';
import type { Log } from '../log/index.ts';
import { certificatesOf, firstPem, type Issuer, makeLeaf, type Pair } from './issue.ts';
import { cleanNames } from './names.ts';

/** The certificates in use at one moment. */
export interface Held {
  /** Our own authority. */
  readonly ca: Pair;
  readonly issuer: Issuer;
  /** What the control faces show: the configured pair, else our own leaf. */
  readonly server: Pair;
  /** A leaf of our own authority. */
  readonly own: Pair;
  /** Roots that the configuration names beside our own. */
  readonly roots: readonly string[];
}

export type ChangeListener = () => Promise<void> | void;

/** The authority of this gateway: it shows certificates to callers and is the CA of its agents (design 7). */
export class Authority {
  #held: Held;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #reload: (former: Held) => Promise<Held>;
  readonly #listeners = new Set<ChangeListener>();

  constructor(held: Held, parts: { readonly clock: Clock; readonly log: Log; readonly reload: (former: Held) => Promise<Held> }) {
    this.#held = held;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#reload = parts.reload;
  }

  /** Certificate of our own authority, PEM. */
  get caPem(): string {
    return firstPem(this.#held.ca.cert);
  }

  /** Everything a tool must trust for control faces and data plane: our own authority first, then the root of a configured foreign chain. */
  get bundlePem(): string {
    return [...new Set([this.caPem, ...this.#held.roots])].join('');
  }

  /** SHA-256 of our own authority's certificate, as `AB:CD:…`. */
  get fingerprint(): string {
    return new X509Certificate(this.caPem).fingerprint256;
  }

  /** When the certificate of the control faces ends, in milliseconds since the epoch. */
  get expiresAt(): number {
    return expiryOf(this.#held.server);
  }

  /** When each certificate ends, in milliseconds since the epoch: of the control faces, of the data plane, of our own authority. */
  ends(): Readonly<Record<'control' | 'data' | 'authority', number>> {
    return { control: this.expiresAt, data: expiryOf(this.#held.own), authority: expiryOf(this.#held.ca) };
  }

  /** Key and chain for the listeners of the control faces. */
  server(): Pair {
    return this.#held.server;
  }

  /** Key and chain for the data plane: always of our own authority, which tools learn from the PKI resource. */
  dataServer(): Pair {
    return this.#held.own;
  }

  /** A client certificate for mTLS between gateway and agents. */
  issueClient(name: string): Promise<Pair> {
    return makeLeaf(this.#held.issuer, { commonName: name, names: [], use: 'client', now: this.#clock.now() });
  }

  /** A server certificate for these names and addresses, for instance of an agent. */
  issueServer(names: readonly string[]): Promise<Pair> {
    const clean = cleanNames(names);
    return makeLeaf(this.#held.issuer, { commonName: clean[0] ?? 'fairlead', names: clean, use: 'server', now: this.#clock.now() });
  }

  /** Calls the listener after every change of a certificate that a listener shows, until the returned function is called. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Looks at the files again and renews what is near its end; true when there was a change, and then every listener was told.
   * Throws `FAIRLEAD_CERTIFICATE`, and then the former stay in use.
   */
  async refresh(): Promise<boolean> {
    const before = this.#held;
    const after = await this.#reload(before);
    this.#held = after;
    if (before.server.cert === after.server.cert && before.own.cert === after.own.cert) return false;
    for (const listener of this.#listeners) await this.#tell(listener);
    return true;
  }

  /** One that fails keeps nobody else from the new certificate. */
  async #tell(listener: ChangeListener): Promise<void> {
    try {
      await listener();
    } catch (error) {
      this.#log.error({ err: error }, 'a listener did not take the new certificate');
    }
  }
}

export function expiryOf(pair: Pair): number {
  return Date.parse(new X509Certificate(firstPem(pair.cert)).validTo);
}

/** The last certificate of a chain of several: its root or the nearest to it. */
export function rootOf(chain: string): string[] {
  const all = certificatesOf(chain);
  return all.length > 1 ? all.slice(-1) : [];
}
