import type { ByeFlag } from '@fairlead/cscp/codec';
import type { Connection } from '@fairlead/engine-cce';

/** A connection of a handler, and what the handler said at its end. */
export interface WatchedConnection {
  readonly connection: Connection;
  /** The word of its BYE; undefined while it said none. */
  flag(): ByeFlag | undefined;
}

/** Remembers the BYE of a handler: the default of a handler is FAIL (cce 1.7). A BYE that was refused for its word is none. */
export function watchBye(connection: Connection): WatchedConnection {
  let flag: ByeFlag | undefined;
  const watched: Connection = {
    get context() {
      return connection.context;
    },
    get state() {
      return connection.state;
    },
    greeting: () => connection.greeting(),
    execute: async (operation, options) => {
      const reply = await connection.execute(operation, options);
      if (operation.verb === 'BYE' && reply.end === 202) flag ??= operation.flag ?? 'FAIL';
      return reply;
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
  return { connection: watched, flag: () => flag };
}
