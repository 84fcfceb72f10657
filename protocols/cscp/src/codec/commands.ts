import type { CscpContext, CscpState, ExtensionOperation, ExtensionVerb, Operation, Verb } from './operation.ts';

/** What decides which commands are legal. */
export interface Where {
  readonly context: CscpContext;
  readonly state: CscpState;
  /** VERSION, SCHEMA and WATCH are offered (cce 1.3). Absent: no. */
  readonly extensions?: boolean | undefined;
}

/** A row of the table in cce 1.3. */
export interface Command {
  readonly verb: Verb;
  readonly min: number;
  readonly max: number;
  readonly contexts: readonly CscpContext[];
  readonly states: readonly CscpState[];
  /** Parameters and description, as HELP prints them. */
  readonly usage: string;
  readonly about: string;
}

type Places = Pick<Command, 'contexts' | 'states'>;

const EVERYWHERE: Places = { contexts: ['CLIENT', 'HANDLER', 'ROLLBACK', 'RULE'], states: ['CMD', 'TXN', 'RO'] };
const WRITERS: Places = { contexts: ['CLIENT', 'HANDLER'], states: ['CMD', 'TXN'] };
const HANDLERS: Places = { contexts: ['HANDLER'], states: ['CMD', 'TXN'] };

const CLIENTS: Places = { contexts: ['CLIENT'], states: ['CMD'] };

const EXTENSIONS: ReadonlySet<Verb> = new Set<ExtensionVerb>(['SCHEMA', 'VERSION', 'WATCH']);

const ANY = Number.POSITIVE_INFINITY;

/** Every command of CSCP, by its verb in capitals (cce 1.3). */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  [
    row('ADMIN', [1, 2], { contexts: ['CLIENT'], states: ['CMD'] }, 'SUSPEND [reason] | RESUME', 'stops or allows writes'),
    row('AUTH', [2, 2], EVERYWHERE, 'user password', 'begins a session'),
    row('AUTHKEY', [2, 2], EVERYWHERE, 'user sessionid', 'goes on with a session'),
    row('BADDATA', [3, 3], HANDLERS, 'oid key message', 'tells the caller of bad data'),
    row('BEGIN', [0, 0], { ...EVERYWHERE, states: ['CMD'] }, '', 'begins a transaction'),
    row('BYE', [0, ANY], EVERYWHERE, '[SUCCESS | FAIL | DEFER]', 'ends the connection'),
    row('CLASSES', [0, 0], EVERYWHERE, '', 'lists all classes'),
    row('COMMIT', [0, 0], { ...WRITERS, states: ['TXN'] }, '', 'carries out the transaction'),
    row('CREATE', [1, ANY], WRITERS, 'class [key = value ...]', 'makes an object'),
    row('DESTROY', [1, 1], WRITERS, 'oid', 'removes an object'),
    row('ENDKEY', [0, 0], EVERYWHERE, '', 'ends the session'),
    row('FIND', [1, ANY], EVERYWHERE, 'class [SORT property] [key = value | key ~ regex ...]', 'lists the objects that match'),
    row('GET', [1, 3], EVERYWHERE, 'oid [. namespace]', 'shows the properties of an object'),
    row('HELP', [0, 0], EVERYWHERE, '', 'shows this list'),
    row('INFO', [1, 1], HANDLERS, 'message', 'tells the client something'),
    row('NAMES', [1, 1], EVERYWHERE, 'oid | class', 'lists namespaces'),
    row('SCHEMA', [0, 2], { ...CLIENTS, states: ['CMD', 'TXN'] }, '[class [namespace]]', 'describes classes and properties'),
    row('SET', [1, ANY], WRITERS, 'oid [. namespace] [key = value ...]', 'changes properties of an object'),
    row('VERSION', [0, 0], { ...CLIENTS, states: ['CMD', 'TXN'] }, '', 'shows the version of the server'),
    row('WARN', [1, 1], HANDLERS, 'message', 'warns the client'),
    row('WATCH', [0, ANY], CLIENTS, '[class[.namespace][.property] ...]', 'tells what is committed until the next line'),
    row('WHOAMI', [0, 0], EVERYWHERE, '', 'shows the object of the user'),
  ].map((command) => [command.verb, command]),
);

function row(verb: Verb, [min, max]: readonly [number, number], places: Places, usage: string, about: string): Command {
  return { verb, min, max, contexts: places.contexts, states: places.states, usage, about };
}

/** Whether a command is known there (cce 1.3). */
export function isLegal(command: Command, where: Where): boolean {
  const isOffered = where.extensions === true || !EXTENSIONS.has(command.verb);
  return isOffered && command.states.includes(where.state) && command.contexts.includes(where.context);
}

/** Whether a command is no part of real CSCP. */
export function isExtension(operation: Operation): operation is ExtensionOperation {
  return EXTENSIONS.has(operation.verb);
}

/** The lines of HELP: the commands that are legal there. */
export function helpLines(where: Where): readonly string[] {
  return [...COMMANDS.values()]
    .filter((command) => isLegal(command, where))
    .map(({ verb, usage, about }) => `${[verb, usage].join(' ').trim()} : ${about}`);
}
