export { ANSWER_HEADERS, type AnswerBody, type AnswerIds, answerBody, type ErrorBody, errorBody } from './answers.ts';
export { alertCategoryCti, alertTypeCti, endpointCti, workloadActionCti, workloadTypeCti } from './app-ctis.ts';
export {
  type Callback,
  type CallbackCaller,
  type CallbackName,
  type DeclaredError,
  EMPTY_REQUEST,
  type InventoryName,
  MAX_BODY,
  MAX_MAPPINGS,
  type MappedName,
  type MirroredName,
  type UserName,
} from './callbacks/callback.ts';
export { answerProblems, type PayloadProblem, payloadProblem, type RawAnswer } from './callbacks/check.ts';
export type { ErrorPayload, RequestPayloads, ResponsePayloads, UserItem } from './callbacks/payloads.ts';
export type { JsonSchema } from './callbacks/schema.ts';
export { type CallbackOptions, CallbackTable } from './callbacks/table.ts';
export {
  type Credentials,
  type CredentialsProblem,
  type ExtraProblem,
  formatCredentials,
  formatExtra,
  loginKey,
  parseCredentials,
  parseExtra,
} from './credentials-header.ts';
export { belongsTo, type Cti, type CtiContext, type CtiMatch, CtiTable, derivesFrom, formatCti, isAppCode, parseCti } from './cti.ts';
export { DATACENTER_HOSTS, type Datacenter, parseApiBase, parseDatacenterUrl } from './datacenter.ts';
export { type CallbackRequest, type EnvelopeProblem, type EnvelopeRead, readEnvelope } from './envelope.ts';
export { BODY_LIMITS, type JsonLimits, type JsonProblem, readJson, readJsonText } from './json.ts';
export type { JsonObject, Read } from './read.ts';
