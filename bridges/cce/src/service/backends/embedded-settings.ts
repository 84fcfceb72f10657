import type { BridgeContext } from '@fairlead/kernel/lifecycle';
import type { CceSettings } from '../../config.ts';

/** What of `[cce]` the embedded engine is made with. */
export type EmbeddedSettings = Pick<
  CceSettings,
  | 'schema_dir'
  | 'conf_dir'
  | 'handler_dir'
  | 'fixtures'
  | 'session_timeout'
  | 'session_max'
  | 'handler_timeout'
  | 'allow_extern_types'
  | 'schema_strict_bool'
  | 'password_max'
  | 'legacy_md5'
  | 'auth_fail_delay'
  | 'serve_socket'
  | 'state_dir'
>;

/** What of the gateway it needs. */
export type EmbeddedContext = Pick<BridgeContext, 'store' | 'clock' | 'log' | 'sessions' | 'server'>;

/** As the flags -nh, -tf and -ro of the original daemon (cce 4.7), and what the bridge knows. */
export interface EmbeddedOptions {
  readonly noHandlers?: boolean | undefined;
  readonly failTransactions?: boolean | undefined;
  readonly readOnly?: boolean | undefined;
  /** OIDs that queued commands name: not given away again meanwhile (cce 3.1). */
  readonly heldOids?: (() => Promise<ReadonlySet<number>>) | undefined;
  /** Users that cannot be destroyed besides `admin`. */
  readonly keptUsers?: readonly string[] | undefined;
}
