export { type AccessRule, AccessRules, createTokenLink, grantingRule, READ_ONLY, READ_WRITE, READ_WRITE_SAFE } from './auth/rules.ts';
export { type SignatureInput, sign } from './auth/sign.ts';
export type { RetryOptions } from './client/backoff.ts';
export { BatchItemError, type BatchOptions } from './client/batch.ts';
export type { RawResponse } from './client/caller.ts';
export { createClient, OvhClient } from './client/client.ts';
export type { Clock } from './client/clock.ts';
export type {
  Application,
  AuthDetails,
  Credential,
  CredentialStatus,
  Explanation,
  KeyRequest,
  RequestedCredential,
} from './client/credentials.ts';
export type { ExpandOptions, Item, ItemId, ItemPolicy, OnItemError } from './client/expand.ts';
export type { FilterOperator, ListFilter, ListOptions } from './client/list.ts';
export type { RouteFacts, RouteMetadata } from './client/metadata.ts';
export type { TokenStore } from './client/oauth2.ts';
export type { ServiceAccount } from './client/oauth2-clients.ts';
export type { CallOptions, ClientOptions, OvhResponse, Pagination, Pending, Timeouts } from './client/options.ts';
export type { PageOptions, Pages } from './client/paginate.ts';
export type { PollOptions } from './client/poll.ts';
export type { ConcretePath, KnownPaths, NoRoutes, RouteMap, VariablesOf } from './client/routes.ts';
export type { HeldToken } from './client/token-source.ts';
export { type TypedPath, typedPath } from './client/typed-path.ts';
export type { WaitOptions } from './client/waits.ts';
export type { Hooks, Logger, RequestEvent, ResponseEvent, RetryEvent } from './client/watcher.ts';
export { buildUrl } from './codec/build-request.ts';
export type { PathValue, Query, QueryScalar, QueryValue } from './codec/call.ts';
export { type BigintMode, encodeJson } from './codec/json.ts';
export { encodeQuery } from './codec/query.ts';
export { redactBody, redactHeaders, redactUrl } from './codec/redact.ts';
export { parseIni } from './config/ini.ts';
export { loadConfig } from './config/read-sources.ts';
export { saveConfig } from './config/save-config.ts';
export type {
  Authentication,
  AuthMethod,
  ConfigurationOptions,
  ConfigurationWarning,
  Explained,
  ProvidedToken,
  Settings,
  SourceKind,
  TokenProvider,
} from './config/settings.ts';
export type { Endpoint, HostFamily } from './endpoints/endpoint.ts';
export { endpoints, findEndpoint } from './endpoints/registry.ts';
export * from './errors/api-error.ts';
export * from './errors/errors.ts';
export * from './errors/refusals.ts';
export { type FetchTransportOptions, fetchTransport } from './transport/fetch-transport.ts';
export type { TlsOptions } from './transport/tls-options.ts';
export type { SendOptions, Transport, WireAnswer, WireBody, WireRequest, WireTimeouts } from './transport/transport.ts';
