import type { Endpoint, HostFamily } from '../endpoints/endpoint.ts';
import type { Secret } from './secret.ts';

/** A token given by a function: either its text, or with the moment (ms since 1970) at which it ends. */
export type ProvidedToken = string | { readonly token: string; readonly expiresAt: number | Date };
export type TokenProvider = (signal?: AbortSignal) => Promise<ProvidedToken>;

/** What a caller may state of configuration. The spellings of python-ovh and node-ovh are read too. */
export interface ConfigurationOptions {
  /** A name, an alias, `eu|ca|us`, or a URL. */
  readonly endpoint?: string | undefined;
  readonly hostFamily?: HostFamily | undefined;
  /** The address of OAuth2 tokens, for an endpoint given by URL. */
  readonly tokenUrl?: string | undefined;
  readonly profile?: string | undefined;
  /** Chooses where one source names two methods; `none` builds a client of public routes. */
  readonly auth?: AuthMethod | undefined;

  readonly applicationKey?: string | undefined;
  readonly applicationSecret?: string | undefined;
  readonly consumerKey?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly accessToken?: string | TokenProvider | undefined;

  readonly application_key?: string | undefined;
  readonly application_secret?: string | undefined;
  readonly consumer_key?: string | undefined;
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
  readonly access_token?: string | undefined;
  readonly appKey?: string | undefined;
  readonly appSecret?: string | undefined;
  readonly clientID?: string | undefined;
  /** node-ovh's way to name a custom endpoint. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly basePath?: string | undefined;

  /** Headers of every call. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Plain `http:` to a host that is not loopback. */
  readonly allowInsecureHttp?: boolean | undefined;

  /** The explicit file; must exist. */
  readonly configFile?: string | undefined;
  readonly config_file?: string | undefined;
  /** false: the environment is not read. */
  readonly env?: false | Readonly<Record<string, string | undefined>> | undefined;
  /** false: no file is read; a list: these alone, the first one wins. */
  readonly files?: false | readonly string[] | undefined;
}

export type AuthMethod = 'application' | 'oauth2' | 'token' | 'none';

/** How calls are authenticated (spec 3.2). Every secret is behind reveal(). */
export type Authentication =
  | {
      readonly method: 'application';
      readonly applicationKey: Secret;
      readonly applicationSecret: Secret;
      readonly consumerKey: Secret | undefined;
    }
  | { readonly method: 'oauth2'; readonly clientId: Secret; readonly clientSecret: Secret; readonly tokenUrl: string }
  | { readonly method: 'token'; readonly accessToken: Secret | TokenProvider }
  | { readonly method: 'none'; readonly applicationKey: Secret | undefined };

/** `retired` are the names of long ago, which are only warned of. */
export type FileKind = 'explicit' | 'local' | 'user' | 'system' | 'listed' | 'retired';

/** What was found at one place of the chain. Absent files are not in it. */
export interface ConfigurationFile {
  readonly kind: FileKind;
  readonly path: string;
  /** undefined: it could not be read, see `problem`. */
  readonly text: string | undefined;
  readonly problem?: 'denied' | 'directory' | 'missing' | undefined;
  /** Permission bits, where the system has them. */
  readonly mode?: number | undefined;
}

/** Everything outside the options from which a configuration is made; highest file first. */
export interface ConfigurationSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: readonly ConfigurationFile[];
}

export type SourceKind = 'option' | 'environment' | 'file' | 'default';

/** Where one key of the configuration came from; never its value, unless it is no secret (`shown`). */
export interface Explained {
  readonly key: string;
  readonly present: boolean;
  readonly source: SourceKind | undefined;
  /** The option, the variable or `[section]` that gave it. */
  readonly name: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** Of keys that are no secret: the value; of the application key its first 4 characters. */
  readonly shown: string | undefined;
  /** Why a value that stands there has no effect. */
  readonly note: string | undefined;
}

export interface ConfigurationWarning {
  readonly message: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** A configuration without any open question. */
export interface Settings {
  readonly endpoint: Endpoint;
  readonly endpointSource: SourceKind;
  readonly auth: Authentication;
  readonly profile: string | undefined;
  /** From options, `OVH_HTTP_HEADERS_n` and `header.*`. */
  readonly headers: Readonly<Record<string, string>>;
  /** OVH_CLOUD_PROJECT_SERVICE. */
  readonly cloudProject: string | undefined;
  readonly warnings: readonly ConfigurationWarning[];
  explain(): readonly Explained[];
}
