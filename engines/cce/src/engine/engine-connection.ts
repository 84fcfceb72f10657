import type { CscpContext, CscpState, Greeting, Operation } from '@fairlead/cscp/codec';
import type { ClientConnection, EngineReply, ExecuteOptions, ObjectView } from '../connection.ts';
import { CceEngineError } from '../errors.ts';
import type { HandlerEvent } from '../handlers/handler.ts';
import type { EngineCore } from './core.ts';
import { eventText } from './events.ts';
import { type Identity, oidText } from './identity.ts';
import type { Level } from './level.ts';
import { TIMED_OUT } from './replies.ts';
import type { Scope, View } from './view.ts';

const VERSION = '0.99';

export interface ConnectionParts {
  readonly core: EngineCore;
  readonly context: CscpContext;
  readonly identity: Identity;
  readonly peer: string;
  /** Of a handler: what it works in. Of a rule: what it sees. */
  readonly ground?: Level | Scope | undefined;
  readonly events?: readonly HandlerEvent[];
  readonly suspended?: string | undefined;
}

/** A caller at the engine. Commands run one after the other; those that were given in before it ended are answered. */
export class EngineConnection implements ClientConnection {
  readonly core: EngineCore;
  readonly context: CscpContext;
  readonly peer: string;
  readonly ground: Level | Scope | undefined;
  identity: Identity;
  /** The session that AUTH or AUTHKEY gave. */
  session: string | undefined;
  /** What the first command sees, when it only reads. */
  firstView: View | undefined;
  /** What BEGIN opened. */
  open: Level | undefined;
  /** The word of BYE, once it was said. */
  farewell: 'SUCCESS' | 'FAIL' | 'DEFER' | undefined;
  /** Ends what this connection waits for. */
  readonly closing = new AbortController();
  readonly #greeting: Greeting;
  #closed = false;
  #disposed = false;
  #last: Promise<unknown> = Promise.resolve();
  /** Commands that were given in and are not answered. */
  #running = 0;

  constructor(parts: ConnectionParts) {
    this.core = parts.core;
    this.context = parts.context;
    this.identity = parts.identity;
    this.peer = parts.peer;
    this.ground = parts.ground;
    this.#greeting = {
      version: VERSION,
      events: (parts.events ?? []).map(eventText),
      rollback: parts.context === 'ROLLBACK',
      suspended: parts.suspended,
    };
    this.core.connections.add(this);
  }

  get oid(): string {
    return oidText(this.identity);
  }

  get state(): CscpState {
    if (this.#closed || this.farewell) return 'CLOSED';
    if (this.context === 'ROLLBACK' || this.context === 'RULE') return 'RO';
    return this.open ? 'TXN' : 'CMD';
  }

  /** What the next command reads through. */
  get scope(): Scope | undefined {
    return this.open ?? this.ground;
  }

  greeting(): Greeting {
    return this.#greeting;
  }

  execute(operation: Operation, options: ExecuteOptions = {}): Promise<EngineReply> {
    return this.#inTurn(options.signal, async (signal) => {
      if (this.open?.transaction.wake() === false && operation.verb !== 'BYE') {
        this.open = undefined;
        return TIMED_OUT;
      }
      try {
        return await this.core.commands.perform(this, operation, { signal, dryRun: options.dryRun ?? false });
      } finally {
        // What a handler has begun ends with the handler.
        if (this.open && !this.open.parent) this.open.transaction.rest();
      }
    });
  }

  readObjects(oids: readonly string[], signal?: AbortSignal): Promise<readonly ObjectView[]> {
    return this.#inTurn(signal, (turn) => this.core.commands.readObjects(this, oids, turn));
  }

  /** Ends the connection once the commands before it are answered: an open transaction is forgotten. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    // Most connections end with nothing under way, and an error is costly to make.
    if (this.#running > 0) this.closing.abort(CceEngineError('CCE_ENGINE_CLOSED'));
    await this.#last;
    await this.close();
  }

  /** As after BYE. */
  async close(): Promise<void> {
    this.#closed = true;
    const { open } = this;
    this.open = undefined;
    if (open && !open.parent) await open.transaction.end();
    this.core.connections.delete(this);
  }

  #inTurn<T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const signals = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    this.#running += 1;
    const turn = this.#last.then(() => {
      if (this.#disposed) throw CceEngineError('CCE_ENGINE_CLOSED');
      signals.throwIfAborted();
      return work(signals);
    });
    const done = () => {
      this.#running -= 1;
      this.firstView = undefined;
    };
    this.#last = turn.then(done, done);
    return turn;
  }
}
