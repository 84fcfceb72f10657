import type { Fault, RouteName } from '../faults.ts';
import type { Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { App } from '../world/apps.ts';
import type { World } from '../world/world.ts';

/** A request on its way to its route. */
export interface Visit {
  readonly world: World;
  readonly call: Call;
  readonly datacenter: string;
  /** Whose token came; on open routes the first app. */
  readonly app: App;
  /** Parts of the path, decoded. */
  readonly params: readonly string[];
  readonly fault: Fault | undefined;
}

export interface Route {
  readonly name: Exclude<RouteName, 'signer'>;
  readonly method: string;
  readonly path: RegExp;
  /** Nobody needs a token for it. */
  readonly open?: true;
  /** The body has to be JSON. */
  readonly json?: true;
  /** Account Management has errors of its own form. */
  readonly account?: true;
  readonly run: (visit: Visit) => Answer | Promise<Answer>;
}
