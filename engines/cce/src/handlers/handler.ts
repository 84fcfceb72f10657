import type { ByeFlag } from '@fairlead/cscp/codec';
import type { Connection } from '../connection.ts';

/** One change of the transaction that a handler is told (cce 4.2). */
export interface HandlerEvent {
  readonly oid: string;
  readonly class: string;
  /** Empty: the default namespace. */
  readonly namespace: string;
  /** A property, `_CREATE` or `_DESTROY`. */
  readonly name: string;
}

/** How a handler ended: BYE SUCCESS, FAIL (also: no BYE, an error, a time limit) or DEFER. */
export type HandlerOutcome = ByeFlag;

export interface HandlerCall {
  readonly events: readonly HandlerEvent[];
  /** A connection in HANDLER context (in ROLLBACK context when the handler is told of a rollback): every command of a handler goes through it. */
  readonly connection: Connection;
  /** OID of the user whose command caused it, `-1` for nobody. */
  readonly callerOid: string;
  /** Ends when the handler has used up its time or the engine stops. */
  readonly signal: AbortSignal;
}

/** A handler that is a function of this process (`native:<name>` in a `.conf` file). A rejection counts as FAIL and is logged. */
export type NativeHandler = (call: HandlerCall) => Promise<HandlerOutcome>;

export const STAGES = ['VALIDATE', 'CONFIGURE', 'EXECUTE', 'TEST', 'CLEANUP'] as const;
export type Stage = (typeof STAGES)[number];

/** One line of a `.conf` file (cce 4.1). */
export interface Binding {
  readonly class: string;
  /** Empty: the default namespace. */
  readonly namespace: string;
  /** A property, `*`, `_CREATE` or `_DESTROY`. */
  readonly event: string;
  readonly handler: { readonly type: 'exec' | 'perl' | 'test' | 'native'; readonly path: string };
  readonly stage: Stage;
  readonly rollback: boolean;
}
