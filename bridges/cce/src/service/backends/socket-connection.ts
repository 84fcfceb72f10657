import type { CscpClient } from '@fairlead/cscp';
import type { Operation, Reply } from '@fairlead/cscp/codec';
import type { CommitRecord, EngineReply, ExecuteOptions, ObjectView } from '@fairlead/engine-cce';
import { CceError } from '../../errors.ts';
import type { BackendConnection } from '../backend.ts';
import { backendFailure } from './backend-failure.ts';
import { hasRolledBack } from './derived-rollback.ts';
import type { CommitFollower } from './local-commits.ts';
import { type NamespaceCache, readObjectsOver } from './read-objects.ts';
import { isUnsendable, refusalOf } from './unsendable.ts';

/** What the client sends at most (cce 1.1). */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;

export interface SocketConnectionParts {
  readonly client: CscpClient;
  readonly signal: AbortSignal;
  readonly follower: CommitFollower;
  readonly namespaces: NamespaceCache;
  readonly onCommit: (commit: CommitRecord) => void;
}

/** Commands over one connection to a cced. */
export class SocketConnection implements BackendConnection {
  readonly #parts: SocketConnectionParts;

  constructor(parts: SocketConnectionParts) {
    this.#parts = parts;
  }

  async execute(operation: Operation, options: ExecuteOptions = {}): Promise<EngineReply> {
    const [reply] = await this.#send([operation], options);
    if (reply === undefined) throw CceError('CCE_BACKEND_UNREACHABLE', { reason: 'there was no reply' });
    return reply;
  }

  executeAll(operations: readonly Operation[], options: ExecuteOptions = {}): Promise<readonly Reply[]> {
    return this.#send(operations, options);
  }

  readObjects(oids: readonly string[], signal?: AbortSignal): Promise<readonly ObjectView[]> {
    return readObjectsOver((operations) => this.#send(operations, { signal }), oids, this.#parts.namespaces);
  }

  async #send(operations: readonly Operation[], options: ExecuteOptions): Promise<readonly EngineReply[]> {
    if (options.dryRun === true) throw CceError('CCE_DRYRUN_UNSUPPORTED');
    const signal = options.signal ?? this.#parts.signal;
    const replies = await this.#exchange(operations, signal);
    return operations.flatMap((operation, index) => {
      const reply = replies[index];
      return reply === undefined ? [] : [this.#explain(operation, reply)];
    });
  }

  /** Commands that cannot be written as CSCP are answered here, the others as if they stood alone. */
  async #exchange(operations: readonly Operation[], signal: AbortSignal): Promise<readonly Reply[]> {
    const { client } = this.#parts;
    try {
      return await client.executeAll(operations, { signal });
    } catch (error) {
      if (!isUnsendable(error)) throw backendFailure(error, signal);
    }
    const refusals = operations.map((operation) => refusalOf(operation, MAX_REQUEST_BYTES));
    const sendable = operations.filter((_, index) => refusals[index] === undefined);
    if (sendable.length === operations.length) throw CceError('CCE_BACKEND_UNREACHABLE', { reason: 'a command cannot be sent' });
    const replies = sendable.length > 0 ? await this.#exchange(sendable, signal) : [];
    const left = replies.values();
    return refusals.flatMap((refusal) => refusal ?? left.next().value ?? []);
  }

  #explain(operation: Operation, reply: Reply): EngineReply {
    const commit = this.#parts.follower.note(operation, reply);
    if (commit !== undefined) this.#parts.onCommit(commit.record);
    return {
      ...reply,
      ...(commit !== undefined && { events: commit.events, transaction: commit.record.transaction }),
      ...(hasRolledBack(operation, reply) && { rollback: [] }),
    };
  }
}
