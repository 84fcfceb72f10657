import type { Fault, RouteName } from '../faults.ts';
import type { Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { App } from '../world/apps.ts';
import type { World } from '../world/world.ts';

/** A request on its way to its route. */
export interface OpenVisit {
  readonly world: World;
  readonly call: Call;
  readonly datacenter: string;
  /** Parts of the path, decoded. */
  readonly params: readonly string[];
  readonly fault: Fault | undefined;
}

export interface Visit extends OpenVisit {
  /** Whose token came. */
  readonly app: App;
}

interface Place {
  readonly name: Exclude<RouteName, 'signer'>;
  readonly method: string;
  readonly path: RegExp;
}

/** Nobody needs a token for it. */
export interface OpenRoute extends Place {
  readonly open: true;
  readonly run: (visit: OpenVisit) => Answer | Promise<Answer>;
}

export interface GuardedRoute extends Place {
  readonly open?: false;
  /** The body has to be JSON. */
  readonly json?: true;
  /** Account Management: any tenant may be asked for. */
  readonly account?: true;
  readonly run: (visit: Visit) => Answer;
}

export type Route = OpenRoute | GuardedRoute;
