import { Gate } from './access/gate.ts';
import { Quota } from './access/quota.ts';
import { type Application, type Credential, type OAuth2Client, Vault } from './access/vault.ts';
import type { FakeClock } from './fake-clock.ts';
import { Faults } from './faults.ts';
import { type FakeOvhOptions, sizesOf } from './options.ts';
import { Random } from './random.ts';
import type { FakeSettings } from './settings.ts';
import { settled, type Unsettled } from './unsettled.ts';
import { makeState } from './world/make-state.ts';
import type { State } from './world/state.ts';

/** Everything that a reset makes anew. */
export interface Core {
  readonly random: Random;
  readonly vault: Vault;
  readonly state: State;
  readonly gate: Gate;
  readonly quota: Quota;
  readonly faults: Faults;
  readonly settings: FakeSettings;
  readonly unsettled: Unsettled;
  readonly application: Application;
  readonly credential: Credential;
  readonly client: OAuth2Client;
}

const EVERYTHING = ['GET', 'POST', 'PUT', 'DELETE'].map((method) => ({ method, path: '/*' }));
const DEFAULT_WINDOW = 180;

/** The same for the same seed, clock and options. */
export function makeCore(options: FakeOvhOptions, clock: FakeClock): Core {
  const seed = options.seed ?? 1;
  const vault = new Vault(clock, new Random(seed));
  const application = vault.addApplication('fake', 'An application of the offline API');
  const { applicationId } = application;
  const credential = vault.addCredential({ applicationId, rules: EVERYTHING, status: 'validated' });
  const client = vault.addClient({ name: 'fake', description: 'A service account of the offline API' });
  const unsettled = settled(options.unsettled);
  const gate = new Gate(vault, clock, {
    timestampWindow: options.timestampWindow ?? DEFAULT_WINDOW,
    publicOrigin: options.publicOrigin,
    pendingMayAsk: options.pendingMayAsk ?? true,
    ownNeedsRule: options.ownNeedsRule ?? false,
    v2Rules: unsettled.v2Rules,
  });
  return {
    random: new Random(seed + 1),
    vault,
    state: makeState(new Random(seed + 2), clock.now(), sizesOf(options), options.fixtures),
    gate,
    quota: new Quota(clock, options.quota),
    faults: new Faults(new Random(seed + 3)),
    settings: {
      errorStyle: options.errorStyle ?? 'current',
      autoValidateMs: options.autoValidateMs,
      keysValidFor: options.keysValidFor,
      tokenLifetime: options.tokenLifetime,
    },
    unsettled,
    application,
    credential,
    client,
  };
}
