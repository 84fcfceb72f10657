export { Accounts, type Tenant } from './client/accounts.ts';
export { AcronisClient } from './client/acronis-client.ts';
export { type AlertDetails, type AlertDraft, alertBody } from './client/alert-draft.ts';
export { type Alert, type AlertQuery, Alerts, type NanosecondBound, nanoseconds } from './client/alerts.ts';
export type { NonEmpty } from './client/ids.ts';
export type { AcronisClientOptions, AlertResource, Attempt, ClientCredentials, Timeouts } from './client/options.ts';
export { type AcronisClass, acronisClass, mayHaveHappened } from './client/outcome.ts';
export { type Workload, type WorkloadChange, type WorkloadDraft, type WorkloadQuery, Workloads, workloadBody } from './client/workloads.ts';
export { AcronisError } from './errors.ts';
export { type KeyFetcherOptions, keyFetcher } from './jwt/fetch-keys.ts';
export { TOKEN_ISSUERS, type TokenIssuer, tokenIssuer } from './jwt/issuers.ts';
export type { FetchKeys } from './jwt/key-cache.ts';
export {
  type RequestToken,
  type TokenProblem,
  type TokenVerdict,
  TokenVerifier,
  type TokenVerifierOptions,
  tokenFits,
} from './jwt/verifier.ts';
export type { Resolve } from './net/public-host.ts';
