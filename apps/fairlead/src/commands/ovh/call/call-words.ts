import type { ClientWords } from '../shared/client.ts';
import type { PrintWords } from '../shared/print.ts';

/** Options of `ovh get|post|put|delete`. */
export interface CallWords extends ClientWords, PrintWords {
  readonly json?: boolean;
  readonly query?: readonly string[];
  readonly header?: readonly string[];
  /** false: `--no-auth`. */
  readonly auth: boolean;
  readonly raw?: boolean;
  readonly all?: boolean;
  readonly expand?: boolean;
  readonly dryRun?: boolean;
  readonly curl?: boolean;
}

/** What stands before the options. */
export interface GivenCall {
  readonly method: string;
  readonly path: string;
  readonly given: readonly string[];
}
