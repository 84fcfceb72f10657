import type { Operation, Reply } from '@fairlead/cscp/codec';
import type { EngineReply, ExecuteOptions, ObjectView } from '@fairlead/engine-cce';
import { CceError } from '../../errors.ts';
import { valuesOf } from '../../map/reply.ts';
import type { BackendConnection } from '../backend.ts';

/** A connection that reaches objects of some classes only (cce 12.5). Everything else is refused with `CCE_FORBIDDEN`, before it is tried. */
export class ScopedConnection implements BackendConnection {
  readonly #inner: BackendConnection;
  readonly #classes: ReadonlySet<string>;

  constructor(inner: BackendConnection, classes: ReadonlySet<string>) {
    this.#inner = inner;
    this.#classes = classes;
  }

  async execute(operation: Operation, options?: ExecuteOptions): Promise<EngineReply> {
    await this.#check(operation, options?.signal);
    const reply = await this.#inner.execute(operation, options);
    return operation.verb === 'CLASSES'
      ? { ...reply, lines: reply.lines.filter((line) => line.code !== 110 || this.#classes.has(line.class)) }
      : reply;
  }

  /** One by one: what a command may depends on what the one before it made. */
  async executeAll(operations: readonly Operation[], options?: ExecuteOptions): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    for (const operation of operations) replies.push(await this.execute(operation, options));
    return replies;
  }

  async readObjects(oids: readonly string[], signal?: AbortSignal): Promise<readonly ObjectView[]> {
    const views = await this.#inner.readObjects(oids, signal);
    if (!views.every((view) => this.#classes.has(view.class))) throw CceError('CCE_FORBIDDEN');
    return views;
  }

  async #check(operation: Operation, signal: AbortSignal | undefined): Promise<void> {
    switch (operation.verb) {
      case 'CREATE':
      case 'FIND':
        return this.#require(operation.class);
      case 'GET':
      case 'SET':
      case 'DESTROY':
        return this.#requireObject(operation.oid, signal);
      case 'NAMES':
        return /^\d+$/.test(operation.of) ? this.#requireObject(operation.of, signal) : this.#require(operation.of);
      case 'ADMIN':
        throw CceError('CCE_FORBIDDEN');
      default:
    }
  }

  /** An object that is not there has no class; CSCP says so itself. */
  async #requireObject(oid: string, signal: AbortSignal | undefined): Promise<void> {
    const reply = await this.#inner.execute({ verb: 'GET', oid, namespace: '' }, { signal });
    const name = valuesOf(reply).get('CLASS');
    if (name !== undefined) this.#require(name);
  }

  #require(name: string): void {
    if (!this.#classes.has(name)) throw CceError('CCE_FORBIDDEN');
  }
}
