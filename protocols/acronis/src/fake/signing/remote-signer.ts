import { isObject } from '../../codec/read.ts';
import { exchange } from '../driver/exchange.ts';
import type { RequestSigner, TokenWish } from './request-signer.ts';

const TIMEOUT_MS = 10_000;

/** Has request tokens made by a fake in another process, with the keys that it publishes. */
export class RemoteSigner implements RequestSigner {
  readonly #url: string;
  readonly #ca: string | undefined;

  /** @param url of the fake; `ca`: PEM to trust instead of the system's roots */
  constructor(url: string, { ca }: { readonly ca?: string | undefined } = {}) {
    this.#url = `${new URL(url).origin}/_fake/token`;
    this.#ca = ca;
  }

  /** @throws Error when the fake does not sign */
  async token(endpointId: string, { bad, claims }: TokenWish = {}): Promise<string> {
    // JSON has no undefined, which leaves a claim out.
    const named = claims && Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, value ?? null]));
    const body = JSON.stringify({ endpointId, bad, claims: named });
    const sent = { method: 'POST', headers: [['content-type', 'application/json']] as const, body };
    const { status, text } = await exchange(sent, { url: this.#url, ca: this.#ca, timeoutMs: TIMEOUT_MS });
    const answer: unknown = status === 200 ? JSON.parse(text) : undefined;
    if (!isObject(answer) || typeof answer.token !== 'string') throw new Error(`no fake of Acronis signs at ${this.#url}`);
    return answer.token;
  }
}
