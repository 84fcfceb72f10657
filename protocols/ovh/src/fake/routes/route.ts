import type { Caller } from '../access/gate.ts';
import type { Vault } from '../access/vault.ts';
import type { FakeClock } from '../fake-clock.ts';
import type { Call } from '../http/call.ts';
import type { Json, Row } from '../json.ts';
import { refuse } from '../refusal.ts';
import type { FakeSettings } from '../settings.ts';
import type { State } from '../world/state.ts';

/** What routes work on. */
export interface World {
  readonly state: State;
  readonly vault: Vault;
  readonly clock: FakeClock;
  /** Scheme and host of this server, for URLs in answers. */
  readonly origin: string;
  readonly settings: FakeSettings;
}

/** One call that passed the gate. */
export interface Asked {
  readonly call: Call;
  /** Of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The body's members; none without a body. */
  readonly body: Readonly<Row>;
  readonly caller: Caller;
  readonly world: World;
}

/** Types of parameters by name; `?` at the end of a type: may be absent or null. */
export type ParameterTypes = Readonly<Record<string, string>>;

/** One operation of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/dedicated/server/{serviceName}`; those of v2 begin with `/v2`. */
  readonly path: string;
  readonly summary: string;
  /** As the schema documents name it. */
  readonly answer: string;
  /** Default: private. */
  readonly access?: 'public' | 'application';
  readonly query?: ParameterTypes;
  /** Of the query, too, but of the fake alone: no schema document tells them. */
  readonly fakeQuery?: ParameterTypes;
  readonly body?: ParameterTypes;
  /** What the API says of a value of the wrong type, where that is not the usual sentence. */
  readonly wrongTypeWords?: Readonly<Record<string, string>>;
  /** About the credential that asks. */
  readonly own?: boolean;
  /** What it answers; ids for a list of v1, objects for one of v2. */
  readonly run: (asked: Asked) => Json;
  /** The object behind an id of a list of v1. */
  readonly expand?: (id: string, asked: Asked) => Row;
  /** Days as the schema documents have them, and what to call instead. */
  readonly deprecated?: { readonly since: string; readonly until: string; readonly replacement: string };
  /** A list of v2 that is given page by page. */
  readonly paged?: boolean;
}

/** A variable of the path. */
export function param(asked: Asked, name: string): string {
  return asked.params[name] ?? '';
}

/** The row behind a variable of the path, or a 404 in the words of the API. */
export function rowOf<K, V>(rows: ReadonlyMap<K, V>, key: K, member: string): V {
  const row = rows.get(key);
  if (row === undefined) throw refuse.noObject(member, String(key));
  return row;
}
