import type { Query } from '../../codec/call.ts';
import { asId, asRow } from '../map/values.ts';
import type { CacheEntry } from '../options.ts';
import type { RecordError } from '../record.ts';
import type { Asker, Variables } from './asker.ts';
import { failureOf, isNoRoute, strangeAnswer } from './failure.ts';

interface Question {
  readonly route: string;
  readonly wanted: 'an object' | 'a list';
  /** Variables of the path besides those of the thing. */
  readonly more?: Variables;
  readonly query?: Query | undefined;
  /** Every endpoint that has the list has this route. */
  readonly needed?: boolean;
}

/**
 * The answers about one thing, old ones from the cache and new ones; a call that fails is noted, and what it would have given is
 * `undefined`. Nothing is thrown but the reason of the signal.
 */
export class Sheet {
  readonly errors: RecordError[] = [];
  readonly #asker: Asker;
  readonly #variables: Variables;
  readonly #answers: Map<string, unknown>;
  #fresh = 0;

  constructor(asker: Asker, variables: Variables, known: CacheEntry | undefined) {
    this.#asker = asker;
    this.#variables = variables;
    this.#answers = new Map(Object.entries(known?.answers ?? {}));
  }

  /** Whether something was answered that was not known before. */
  get changed(): boolean {
    return this.#fresh > 0;
  }

  /** For the cache. */
  get answers(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#answers);
  }

  /** The failure of a route, if it failed. */
  failureOf(route: string): RecordError | undefined {
    return this.errors.find((error) => error.route === `GET ${route}`);
  }

  /** Takes back what was noted of a route: it was read in another way. */
  forgive(route: string): void {
    const kept = this.errors.filter((error) => error.route !== `GET ${route}`);
    this.errors.splice(0, this.errors.length, ...kept);
  }

  /** The thing itself: that its route is not there is a failure, too. */
  itself(route: string): Promise<unknown> {
    return this.#answer({ route, wanted: 'an object', needed: true });
  }

  /** An object that belongs to it. */
  row(route: string, more: Variables = {}): Promise<unknown> {
    return this.#answer({ route, wanted: 'an object', more });
  }

  /** A list of whatever. */
  async list(route: string, query?: Query): Promise<readonly unknown[] | undefined> {
    return (await this.#answer({ route, wanted: 'a list', query })) as readonly unknown[] | undefined;
  }

  /** The ids of a list, each once; what is no id is noted. */
  async ids(route: string, query?: Query): Promise<readonly string[] | undefined> {
    const list = await this.list(route, query);
    if (list === undefined) return undefined;
    const { ids, strange } = idsIn(list);
    if (strange > 0) this.errors.push(strangeIds(route, strange));
    return ids;
  }

  async #answer(question: Question): Promise<unknown> {
    const { route, wanted, more = {}, query, needed = false } = question;
    const key = keyOf(question);
    if (this.#answers.has(key)) return this.#answers.get(key);
    try {
      const answer = await this.#asker.get(route, { ...this.#variables, ...more }, query);
      if (isWanted(answer, wanted)) return this.#keep(key, answer);
      this.errors.push(strangeAnswer(route, `${wanted} was expected`));
    } catch (error) {
      this.#asker.signal.throwIfAborted();
      if (needed || !isNoRoute(error)) this.errors.push(failureOf(route, error, query));
    }
    return undefined;
  }

  #keep(key: string, answer: unknown): unknown {
    this.#answers.set(key, answer);
    this.#fresh += 1;
    return answer;
  }
}

function keyOf({ route, more = {}, query = {} }: Question): string {
  const details = [...Object.values(more), ...Object.entries(query).map((pair) => pair.join('='))];
  return details.length === 0 ? route : `${route} ${JSON.stringify(details)}`;
}

function isWanted(answer: unknown, wanted: Question['wanted']): boolean {
  return wanted === 'a list' ? Array.isArray(answer) : asRow(answer) !== undefined;
}

/** The ids of a list, each once, and how many entries are none. */
export function idsIn(list: readonly unknown[]): { readonly ids: readonly string[]; readonly strange: number } {
  const ids = new Set<string>();
  let strange = 0;
  for (const entry of list) {
    const id = asId(entry);
    if (id === undefined) strange += 1;
    else ids.add(id);
  }
  return { ids: [...ids], strange };
}

export function strangeIds(route: string, count: number): RecordError {
  return strangeAnswer(route, `${count} ${count === 1 ? 'entry of the list is' : 'entries of the list are'} no id`);
}
