import type { Operation } from '@fairlead/cscp/codec';
import type { EngineReply } from '../connection.ts';
import type { HandlerCall, NativeHandler } from '../handlers/handler.ts';

/** What a handler has to say against a change: shown to the caller as `302 BAD DATA <oid> <key> "<message>"`. */
export interface Complaint {
  readonly key: string;
  /** A tag such as `[[base-vsite.fqdnTooLong]]`. */
  readonly message: string;
}

/** The value of a property; empty when the object has no such property. */
export type PropertyReader = (property: string) => string;

/** An object as GET shows it to a handler (cce 4.5). */
export interface Reading {
  /** With the changes of the transaction; of a destroyed object what it was. */
  readonly now: PropertyReader;
  /** As committed; nothing of an object that the transaction made. */
  readonly before: PropertyReader;
  /** Whether the schema has such a property: somebody else's may lack what ours has. */
  has(property: string): boolean;
}

/** The object that the events are about, and the database as a handler may use it: by commands of CSCP only. */
export interface HandlerSession {
  readonly oid: string;
  /** OID of the user who caused the events, `-1` for the admin flag. */
  readonly callerOid: string;
  readonly signal: AbortSignal;
  /** The events make the object, rather than change or end it. */
  readonly created: boolean;
  find(className: string, equal: Readonly<Record<string, string>>): Promise<readonly string[]>;
  /** Rejects when there is no such object. */
  read(oid: string, namespace?: string): Promise<Reading>;
  set(oid: string, namespace: string, values: Readonly<Record<string, string>>): Promise<void>;
  create(className: string, values: Readonly<Record<string, string>>): Promise<string>;
  destroy(oid: string): Promise<void>;
  /** Keeps other writers away from an object until the transaction ends: a SET without a value changes nothing, but holds it. */
  hold(oid: string): Promise<void>;
  /** Says all complaints and ends the handler with FAIL; does nothing without any. */
  refuse(complaints: readonly Complaint[]): Promise<void>;
}

/** A handler that may end by `refuse`, in the form that the engine calls. */
export function nativeHandler(handle: (session: HandlerSession) => Promise<void>): NativeHandler {
  return async (call) => {
    const [first] = call.events;
    if (!first) return 'SUCCESS';
    try {
      await handle(openSession(call, first.oid));
      return 'SUCCESS';
    } catch (error) {
      if (error instanceof Refused) return 'FAIL';
      throw error;
    }
  };
}

/** The complaints are told; nothing is left to say. */
class Refused extends Error {}

function openSession(call: HandlerCall, oid: string): HandlerSession {
  const created = call.events.some((event) => event.name === '_CREATE');
  const ask = (operation: Operation): Promise<EngineReply> => call.connection.execute(operation, { signal: call.signal });

  /** The caller of this handler never sees the complaints of the handlers behind it (cce 4.6), so they are repeated. */
  async function command(operation: Operation): Promise<EngineReply> {
    const reply = await ask(operation);
    if (reply.end === 201) return reply;
    const complaints = reply.lines.flatMap((line) => (line.code === 302 ? [{ key: line.key, message: line.message }] : []));
    await refuse(complaints);
    throw new Error(`${operation.verb} of a handler ended with ${reply.end} (${reply.lines.map((line) => line.code).join(' ')})`);
  }

  /** The object of a create has no number for the caller yet: it is 0, as in the refusals of the engine itself. */
  async function refuse(complaints: readonly Complaint[]): Promise<void> {
    for (const { key, message } of complaints) await ask({ verb: 'BADDATA', oid: created ? '0' : oid, key, message });
    if (complaints.length > 0) throw new Refused();
  }

  return {
    oid,
    callerOid: call.callerOid,
    signal: call.signal,
    created,
    refuse,
    find: async (className, equal) => {
      const criteria = Object.entries(equal).map(([key, value]) => ({ key, match: 'equals' as const, value }));
      return oidsOf(await command({ verb: 'FIND', class: className, criteria }));
    },
    read: async (of, namespace = '') => readingOf(await command({ verb: 'GET', oid: of, namespace })),
    set: async (of, namespace, values) => {
      await command({ verb: 'SET', oid: of, namespace, values: new Map(Object.entries(values)) });
    },
    create: async (className, values) => {
      const [made = ''] = oidsOf(await command({ verb: 'CREATE', class: className, values: new Map(Object.entries(values)) }));
      return made;
    },
    hold: async (of) => {
      await command({ verb: 'SET', oid: of, namespace: '', values: new Map() });
    },
    destroy: async (of) => {
      await command({ verb: 'DESTROY', oid: of });
    },
  };
}

function oidsOf(reply: EngineReply): readonly string[] {
  return reply.lines.flatMap((line) => (line.code === 104 ? [line.oid] : []));
}

function readingOf(reply: EngineReply): Reading {
  const before = new Map<string, string>();
  const changed = new Map<string, string>();
  for (const line of reply.lines) {
    if (line.code === 102) before.set(line.key, line.value);
    if (line.code === 103) changed.set(line.key, line.value);
  }
  return {
    has: (property) => before.has(property) || changed.has(property),
    before: (property) => before.get(property) ?? '',
    now: (property) => changed.get(property) ?? before.get(property) ?? '',
  };
}
