import { CscpError } from '@fairlead/cscp';
import { CceError } from '../../errors.ts';
import type { BackendConnection } from '../backend.ts';

/** Knows whether anything of a transaction can have reached the backend: only if not, it may be tried once more later. */
export class Reach {
  #isBegun = false;
  #isAnswered = false;

  /** The same connection, watched. */
  through(connection: BackendConnection): BackendConnection {
    this.#isBegun = true;
    const answered = <Result>(result: Result): Result => {
      this.#isAnswered = true;
      return result;
    };
    return {
      execute: async (operation, options) => answered(await connection.execute(operation, options)),
      executeAll: async (operations, options) => answered(await connection.executeAll(operations, options)),
      readObjects: (oids, signal) => connection.readObjects(oids, signal),
    };
  }

  /** Whether the work failed because the backend was away or had no time, before a byte of the first command can have left. */
  wasNothingSent(error: unknown): boolean {
    const isAway = CceError.is(error, 'CCE_BACKEND_UNREACHABLE');
    // Without a connection there was nothing to send it over.
    if (!this.#isBegun) return isAway || CceError.is(error, 'CCE_BACKEND_TIMEOUT');
    return isAway && !this.#isAnswered && error.cause instanceof CscpError && !error.cause.sent;
  }
}
