import type { CallOptions, Pending } from './options.ts';
import type { Calls } from './paginate.ts';

export interface ServiceAccount {
  readonly clientId: string;
  /** `urn:v1:eu:identity:credential:<nic>/oauth2-<id>`: what IAM policies name. */
  readonly identity: string;
  readonly name: string;
  readonly description: string;
  readonly flow: string;
  readonly callbackUrls: readonly string[];
}

/** Service accounts: OAuth2 clients of the client credentials flow (spec 3.8). */
export class OAuth2Clients {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** The secret is given this once. */
  create(
    account: { readonly name: string; readonly description: string },
    options?: CallOptions,
  ): Pending<{ readonly clientId: string; readonly clientSecret: string }> {
    const { name, description } = account;
    const body = { callbackUrls: [], flow: 'CLIENT_CREDENTIALS', name, description };
    return this.#calls.request('POST', '/me/api/oauth2/client', { ...options, body });
  }

  list(options?: CallOptions): Pending<string[]> {
    return this.#calls.request('GET', '/me/api/oauth2/client', options);
  }

  get(clientId: string, options?: CallOptions): Pending<ServiceAccount> {
    return this.#calls.request('GET', '/me/api/oauth2/client/{clientId}', { ...options, path: { clientId } });
  }

  delete(clientId: string, options?: CallOptions): Pending<null> {
    return this.#calls.request('DELETE', '/me/api/oauth2/client/{clientId}', { ...options, path: { clientId } });
  }
}
