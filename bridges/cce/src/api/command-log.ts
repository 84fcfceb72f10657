import { plainText } from '@fairlead/cscp/codec';
import type { Log } from '@fairlead/kernel/log';
import type { CceRequest } from '../map/command.ts';
import { describeCommand } from '../map/describe.ts';
import { isKnownVerb } from '../map/structured.ts';
import type { Admission, ApiCaller } from '../service/security/gatekeeper.ts';

/** What instruments are told about a command. */
export interface Observation {
  /** Upper case; `other` for one that nobody knows. */
  readonly verb: string;
  readonly status: number;
  readonly seconds: number;
}

/** What became of a command. */
interface Ending {
  readonly status: number;
  readonly message: string;
}

/** Longer texts are cut in the log. */
const LONGEST_TEXT = 2000;
/** Not worth a line of everyday. */
const QUIET: ReadonlySet<string> = new Set(['BYE', 'PING']);

/** One line for each command (cce 10), in which nothing secret stands. */
export class CommandLog {
  readonly #log: Log;
  readonly #observe: ((observation: Observation) => void) | undefined;

  constructor(log: Log, observe: ((observation: Observation) => void) | undefined) {
    this.#log = log;
    this.#observe = observe;
  }

  /** A command has come; what becomes of it is told step by step. */
  begin(caller: ApiCaller): BegunCommand {
    return new BegunCommand(caller, (ended) => this.#tell(ended));
  }

  #tell({ caller, request, user, ms, ending }: EndedCommand): void {
    const verb = request !== undefined && isKnownVerb(request.verb) ? request.verb : 'other';
    this.#observe?.({ verb, status: ending.status, seconds: ms / 1000 });
    const level = QUIET.has(verb) ? 'debug' : 'info';
    if (!this.#log.isLevelEnabled(level)) return;
    const command = request === undefined ? '' : describeCommand(request).slice(0, LONGEST_TEXT);
    const facts = { address: caller.address, user, verb, status: ending.status, ms: Math.round(ms) };
    const text = `[IP: ${caller.address}] [User: ${user}] CMD: "${command}" => ${ending.status} ${ending.message} (took ${facts.ms}ms)`;
    this.#log[level](facts, text);
  }
}

interface EndedCommand {
  readonly caller: ApiCaller;
  readonly request: CceRequest | undefined;
  readonly user: string;
  readonly ms: number;
  readonly ending: Ending;
}

/** One command while it runs. */
export class BegunCommand {
  readonly #caller: ApiCaller;
  readonly #tell: (ended: EndedCommand) => void;
  readonly #startedMs = performance.now();
  #request: CceRequest | undefined;
  #user = '-';

  constructor(caller: ApiCaller, tell: (ended: EndedCommand) => void) {
    this.#caller = caller;
    this.#tell = tell;
  }

  understood(request: CceRequest): void {
    this.#request = request;
  }

  admitted(admission: Admission): void {
    this.#user = plainText(admission.userName);
  }

  ended(ending: Ending): void {
    const ms = performance.now() - this.#startedMs;
    this.#tell({ caller: this.#caller, request: this.#request, user: this.#user, ms, ending });
  }
}
