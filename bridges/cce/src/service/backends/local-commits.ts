import type { Operation, Reply } from '@fairlead/cscp/codec';
import type { CommitRecord, CommittedChange } from '@fairlead/engine-cce';
import type { Clock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';

/** Who commits, for the record. */
export interface Committer {
  readonly oid: string;
  readonly name: string;
  readonly peer: string;
}

/** What one command of a connection committed. */
export interface LocalCommit {
  readonly events: readonly string[];
  readonly record: CommitRecord;
}

/** Follows the commands of one connection and makes of each commit what an engine would tell; handlers' own writes are not seen (cce 12.1). */
export class CommitFollower {
  readonly #committer: Committer;
  readonly #clock: Clock;
  #pending: CommittedChange[] | undefined;

  constructor(committer: Committer, clock: Clock) {
    this.#committer = committer;
    this.#clock = clock;
  }

  /** Takes a command with its reply; answers the commit when it made one. */
  note(operation: Operation, reply: Reply): LocalCommit | undefined {
    if (operation.verb === 'BEGIN' && reply.end === 201) this.#pending = [];
    if (operation.verb === 'COMMIT') return this.#end(reply);
    const change = reply.end === 201 ? changeOf(operation, reply) : undefined;
    if (change === undefined) return undefined;
    if (this.#pending === undefined) return this.#commit([change]);
    this.#pending.push(change);
    return undefined;
  }

  #end(reply: Reply): LocalCommit | undefined {
    const changes = this.#pending ?? [];
    this.#pending = undefined;
    return reply.end === 201 && changes.length > 0 ? this.#commit(changes) : undefined;
  }

  #commit(changes: readonly CommittedChange[]): LocalCommit {
    const { oid, name, peer } = this.#committer;
    const record = { transaction: newUuid(), atMs: this.#clock.now(), callerOid: oid, callerName: name, peer, changes };
    return { events: changes.flatMap(eventsOf), record };
  }
}

function changeOf(operation: Operation, reply: Reply): CommittedChange | undefined {
  switch (operation.verb) {
    case 'SET': {
      if (operation.values.size === 0) return undefined;
      return { oid: operation.oid, class: '', kind: 'modify', values: new Map([[operation.namespace, operation.values]]) };
    }
    case 'CREATE': {
      const oid = reply.lines.flatMap((line) => (line.code === 104 ? [line.oid] : []))[0] ?? '';
      return { oid, class: operation.class, kind: 'create', values: new Map([['', operation.values]]) };
    }
    case 'DESTROY':
      return { oid: operation.oid, class: '', kind: 'destroy', values: new Map() };
    default:
      return undefined;
  }
}

/** Events in the form of CSCP (cce 1.2). */
function eventsOf(change: CommittedChange): readonly string[] {
  if (change.kind === 'create') return [`${change.oid}._CREATE`];
  if (change.kind === 'destroy') return [`${change.oid}._DESTROY`];
  return [...change.values].flatMap(([namespace, values]) => [...values.keys()].map((key) => `${change.oid}.${namespace}.${key}`));
}
