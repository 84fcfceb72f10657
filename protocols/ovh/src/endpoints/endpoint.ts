/** One place where the API is served (spec 1.1). */
export interface Endpoint {
  /** `ovh-eu`; of a custom endpoint its base URL. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** With `/1.0` at its end for every named endpoint; never ends in a slash. */
  readonly baseUrl: string;
  readonly altBaseUrls: readonly string[];
  /** Where OAuth2 tokens are given; undefined where the endpoint has no OAuth2. */
  readonly tokenUrl: string | undefined;
  readonly altTokenUrls: readonly string[];
  readonly createAppUrl: string | undefined;
  readonly createTokenUrl: string | undefined;
  readonly consoleUrl: string | undefined;
  readonly brand: 'ovhcloud' | 'soyoustart' | 'kimsufi' | 'custom';
  readonly region: 'eu' | 'ca' | 'us' | undefined;
  /** Whether `/v2` is served. Assumed of a custom endpoint. */
  readonly v2: boolean;
  readonly oauth2: boolean;
}

/** The two families of host names that serve the same API today. */
export type HostFamily = 'ovh.com' | 'ovhcloud.com';
