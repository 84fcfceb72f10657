import { END_TEXT, type Greeting, type Operation, type Reply, type ReplyLine } from '../../src/codec/index.ts';
import type { CscpTarget } from '../../src/index.ts';

const OK: Reply = { lines: [], end: 201 };

/** A small engine with one object, that remembers what it was told. */
export class SmallTarget implements CscpTarget {
  readonly context = 'CLIENT';
  state: CscpTarget['state'] = 'CMD';
  readonly heard: Operation[] = [];
  readonly values = new Map<string, string>();
  readonly #greeting: Partial<Greeting>;
  /** What a command waits for before it is carried out. */
  before: (operation: Operation, signal?: AbortSignal) => Promise<void> | void = () => undefined;

  constructor(greeting: Partial<Greeting> = {}) {
    this.#greeting = greeting;
  }

  greeting(): Greeting {
    return { version: '0.99', events: [], rollback: false, ...this.#greeting };
  }

  async execute(operation: Operation, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Reply> {
    this.heard.push(operation);
    await this.before(operation, signal);
    return this.#answer(operation);
  }

  #answer(operation: Operation): Reply {
    switch (operation.verb) {
      case 'BEGIN':
        this.state = 'TXN';
        return OK;
      case 'COMMIT':
        this.state = 'CMD';
        return OK;
      case 'BYE':
        this.state = 'CLOSED';
        return { lines: [], end: 202 };
      case 'SET':
        return this.#set(operation.oid, operation.values);
      case 'GET':
        return operation.oid === '5' ? { lines: this.#data(), end: 201 } : unknownObject(operation.oid);
      case 'WHOAMI':
        return { lines: [{ code: 104, oid: '6' }], end: 201 };
      case 'AUTH':
        return { lines: [{ code: 109, sessionId: 's'.repeat(63) }], end: 201 };
      case 'AUTHKEY':
        return operation.sessionId === 'wrong' ? { lines: [], end: 401 } : OK;
      case 'FIND':
        return { lines: operation.criteria.map(({ value }): ReplyLine => ({ code: 104, oid: value })), end: 201 };
      case 'HELP':
        return { lines: [{ code: 0, text: `GET oid : ${END_TEXT[201]}` }], end: 201 };
      default:
        return OK;
    }
  }

  #set(oid: string, values: ReadonlyMap<string, string>): Reply {
    if (oid !== '5') return unknownObject(oid);
    if (values.has('bad')) return { lines: [{ code: 302, oid, key: 'bad', message: '[[base-cce.unknownAttr]]' }], end: 401 };
    for (const [key, value] of values) this.values.set(key, value);
    return values.has('warned') ? { lines: [{ code: 305, text: '201 OK\n' }], end: 201 } : OK;
  }

  #data(): readonly ReplyLine[] {
    return [...this.values, ['OID', '5']].map(([key = '', value = '']): ReplyLine => ({ code: 102, key, value }));
  }
}

function unknownObject(oid: string): Reply {
  return { lines: [{ code: 300, oid }], end: 401 };
}
