import type { FakeClock } from '../fake-clock.ts';
import { fits } from '../glob.ts';
import { type Call, header } from '../http/call.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Unsettled } from '../unsettled.ts';
import { addressAllowed } from './addresses.ts';
import { formsOf, granted } from './rules.ts';
import { expectedSignature, sameSignature } from './signature.ts';
import type { Application, Credential, OAuth2Client, Vault } from './vault.ts';

/** Who asks. */
export type Caller =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'application'; readonly application: Application }
  | { readonly kind: 'credential'; readonly application: Application; readonly credential: Credential }
  | { readonly kind: 'client'; readonly client: OAuth2Client };

/** What a route wants of its caller. */
export interface Demand {
  /** `application`: the key of one is enough. */
  readonly access: 'public' | 'application' | 'private';
  readonly iamAction: string;
  /** Whether a credential that waits for its validation may ask. */
  readonly whilePending: boolean;
  /** Whether it is about the credential itself: no rule names it. */
  readonly own: boolean;
}

/** How strict the gate is. */
export interface GateSettings {
  /** Seconds by which a timestamp may be away from the clock. */
  readonly timestampWindow: number;
  /** Instead of scheme and `Host` in what is signed. */
  readonly publicOrigin: string | undefined;
  /** Whether `GET /auth/currentCredential` answers before the validation. */
  readonly pendingMayAsk: boolean;
  /** Whether `/auth/...` needs an access rule as every other path. */
  readonly ownNeedsRule: boolean;
  /** Which rules count for a path of v2. */
  readonly v2Rules: Unsettled['v2Rules'];
}

/** Decides who may pass, in the order of 9.1. */
export class Gate {
  readonly #vault: Vault;
  readonly #clock: FakeClock;
  readonly #settings: GateSettings;

  constructor(vault: Vault, clock: FakeClock, settings: GateSettings) {
    this.#vault = vault;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Throws a `Refusal` when the call may not pass. */
  pass(call: Call, demand: Demand): Caller {
    if (demand.access === 'public') return { kind: 'nobody' };
    if (demand.access === 'application') return { kind: 'application', application: this.#application(call) };
    const authorization = header(call, 'authorization');
    if (authorization !== undefined) return this.#client(authorization, demand);
    return this.#signed(call, demand);
  }

  #client(authorization: string, demand: Demand): Caller {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const client = token === undefined ? undefined : this.#vault.clientOfToken(token);
    if (client === undefined) throw refuse.badToken();
    if (!client.actions.some((pattern) => fits(pattern, demand.iamAction))) throw refuse.iam(demand.iamAction);
    return { kind: 'client', client };
  }

  #application(call: Call): Application {
    const application = this.#vault.applications.get(header(call, 'x-ovh-application') ?? '');
    if (application === undefined || !['active', 'trusted'].includes(application.status)) throw refuse.invalidKey();
    return application;
  }

  #signed(call: Call, demand: Demand): Caller {
    const application = this.#application(call);
    const consumerKey = header(call, 'x-ovh-consumer');
    if (consumerKey === undefined) throw refuse.notLoggedIn();
    const timestamp = this.#timestamp(call);
    const credential = this.#vault.credentials.get(consumerKey);
    if (credential?.applicationId !== application.applicationId) throw refuse.notCredential();
    const expected = expectedSignature({
      applicationSecret: application.applicationSecret,
      consumerKey,
      method: call.method,
      origin: this.#settings.publicOrigin ?? call.origin,
      target: call.target,
      body: call.body,
      timestamp,
    });
    if (!sameSignature(header(call, 'x-ovh-signature') ?? '', expected)) throw refuse.invalidSignature();
    const refusal = this.#refusal(call, credential, demand);
    if (refusal !== undefined) throw refusal;
    credential.lastUse = this.#clock.now();
    return { kind: 'credential', application, credential };
  }

  #timestamp(call: Call): string {
    const text = header(call, 'x-ovh-timestamp') ?? '';
    const away = Math.abs(Math.floor(this.#clock.now() / 1000) - Number(text));
    if (!/^\d{1,12}$/.test(text) || away > this.#settings.timestampWindow) throw refuse.queryTimeOut();
    return text;
  }

  #refusal(call: Call, credential: Credential, demand: Demand): Refusal | undefined {
    const status = this.#vault.statusOf(credential);
    const waits = status === 'pendingValidation' && demand.whilePending && this.#settings.pendingMayAsk;
    if (status !== 'validated' && !waits) return refuse.invalidCredential();
    if (!addressAllowed(credential.allowedIPs, call.remoteAddress)) return refuse.address();
    if (demand.own && !this.#settings.ownNeedsRule) return undefined;
    if (granted(credential.rules, call.method, formsOf(call.path, this.#settings.v2Rules))) return undefined;
    return refuse.notGranted();
  }
}
