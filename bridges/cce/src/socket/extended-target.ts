import type { CscpTarget, WatchOperation, WatchOptions } from '@fairlead/cscp';
import { type CscpContext, type CscpState, type Greeting, helpLines, type Operation, type Reply } from '@fairlead/cscp/codec';
import type { ClientConnection, Engine } from '@fairlead/engine-cce';
import type { EventHistory } from '../service/events/event-history.ts';
import { schemaReply, versionReply } from './schema-lines.ts';
import { watchEvents } from './watch-events.ts';

export interface ExtendedParts {
  readonly engine: Pick<Engine, 'schema' | 'bindings'>;
  readonly connection: ClientConnection;
  readonly events: EventHistory;
}

/** A connection at the engine with the commands that are no part of CSCP: VERSION, SCHEMA and WATCH (cce 1.3). */
export class ExtendedTarget implements CscpTarget {
  readonly extensions = true;
  readonly #parts: ExtendedParts;

  constructor(parts: ExtendedParts) {
    this.#parts = parts;
  }

  get context(): CscpContext {
    return this.#parts.connection.context;
  }

  get state(): CscpState {
    return this.#parts.connection.state;
  }

  greeting(): Greeting {
    return this.#parts.connection.greeting();
  }

  async execute(operation: Operation, options: { readonly signal?: AbortSignal | undefined }): Promise<Reply> {
    const { engine, connection } = this.#parts;
    switch (operation.verb) {
      case 'HELP':
        return { lines: helpLines(this).map((text) => ({ code: 0, text })), end: 201 };
      case 'VERSION':
        return versionReply(engine);
      case 'SCHEMA':
        return schemaReply(engine, operation.class, operation.namespace);
      default:
        return await connection.execute(operation, options);
    }
  }

  watch(operation: WatchOperation, options: WatchOptions): Promise<Reply> {
    const { engine, connection, events } = this.#parts;
    return watchEvents({ events, connection, schema: engine.schema }, operation, options);
  }
}
