import type { CallbackName, RequestPayloads, ResponsePayloads } from '@fairlead/acronis/codec';
import type { Caller, Datacenter } from '../../service/caller.ts';
import type { Users } from '../../service/users.ts';
import type { Work } from '../../service/work.ts';

type PayloadIn<Name> = Name extends keyof RequestPayloads ? RequestPayloads[Name] : undefined;
type PayloadOut<Name> = Name extends keyof ResponsePayloads ? ResponsePayloads[Name] : undefined;

/** What every callback works with. */
export interface CallBase extends Work {
  readonly users: Users;
  /** Most customers in one answer. */
  readonly topologyLimit: number;
  /** Adds facts to the audit of this call: counts and ids, no texts of people. */
  note(facts: Readonly<Record<string, string | number | boolean>>): void;
}

/** A callback of somebody who has shown credentials; its payload fits its schema. */
export interface Call<Name extends CallbackName = CallbackName> extends CallBase {
  readonly caller: Caller;
  readonly payload: PayloadIn<Name>;
}

/** Answers one callback. Refusals are errors of the bridge: `detail.declared` names the code that a custom callback declares. */
export interface Handler<Name extends CallbackName = CallbackName> {
  readonly name: Name;
  run(call: Call<Name>): Promise<PayloadOut<Name>>;
}

/** A mirrored callback: only the request token speaks for it (cyberapp 2.12). */
export interface MirroredCall<Name extends CallbackName = CallbackName> extends CallBase {
  /** The partner's tenant. */
  readonly tenantId: string;
  readonly datacenter: Datacenter;
  readonly requestId: string;
  readonly payload: PayloadIn<Name>;
}

export interface MirroredHandler<Name extends CallbackName = CallbackName> {
  readonly name: Name;
  run(call: MirroredCall<Name>): Promise<PayloadOut<Name>>;
}
