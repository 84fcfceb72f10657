import type { CscpContext, CscpState, Operation } from '@fairlead/cscp/codec';
import type { Connection, EngineReply } from '@fairlead/engine-cce';

/** A connection of a handler that remembers what it was told and agrees with everything. */
export class FakeConnection implements Connection {
  readonly context: CscpContext;
  state: CscpState = 'CMD';
  readonly told: Operation[] = [];
  readonly #events: readonly string[];

  constructor(events: readonly string[] = [], context: CscpContext = 'HANDLER') {
    this.context = context;
    this.#events = events;
  }

  greeting() {
    return { version: '0.99', events: this.#events, rollback: this.context === 'ROLLBACK' };
  }

  execute(operation: Operation): Promise<EngineReply> {
    this.told.push(operation);
    if (operation.verb === 'GET')
      return Promise.resolve({
        lines: [
          { code: 102, key: 'name', value: 'old' },
          { code: 103, key: 'name', value: 'new' },
        ],
        end: 201,
      });
    if (operation.verb !== 'BYE') return Promise.resolve({ lines: [], end: 201 });
    this.state = 'CLOSED';
    return Promise.resolve({ lines: [], end: 202 });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
