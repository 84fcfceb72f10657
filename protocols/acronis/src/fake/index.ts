export { CallbackDriver } from './driver/callback-driver.ts';
export type { Accepted, CallOverrides, DriverAnswer, DriverOptions, RawRequest } from './driver/driver-options.ts';
export { type RetryPolicy, retryWaits } from './driver/retry-policy.ts';
export { type ScenarioName, scenarios } from './driver/scenarios/index.ts';
export { type Check, formatReport, type Report } from './driver/scenarios/report.ts';
export type {
  MirroredStage,
  MirroredTenant,
  Stage,
  StageAccount,
  StageCustomer,
  StagePartner,
  StoryHooks,
} from './driver/scenarios/stage.ts';
export { FakeAcronis } from './fake-acronis.ts';
export type { Fault, FaultPlace, Faults, RouteName } from './faults.ts';
export type { FakeAcronisOptions, FakeApp, FakeTls, FakeWorkloadType, Severity, TenantWish, Unsettled } from './options.ts';
export type { Recorded, Recorder } from './recorder.ts';
export { RemoteSigner } from './signing/remote-signer.ts';
export type { BadToken, RequestSigner, TokenWish } from './signing/request-signer.ts';
export type { CertificateKind } from './tls/own-authority.ts';
export type { TurnableClock } from './turnable-clock.ts';
export type { AlertRow } from './world/alerts.ts';
export type { StatusReport } from './world/statuses.ts';
export type { Tenant, TenantKind } from './world/tenants.ts';
export type { WorkloadRow } from './world/workloads.ts';
