import type { Token } from './lexer.ts';
import { isName } from './names.ts';
import type { Operation, WatchFilter } from './operation.ts';

/** `Class`, `Class.part`, `Class.Namespace.property`, `Class..property` (cce 12.1); undefined when one is none of these. */
export function readWatch(tokens: readonly Token[]): Operation | undefined {
  const filters: WatchFilter[] = [];
  for (let at = 0; at < tokens.length; ) {
    const words = wordAt(tokens, at);
    const filter = filterOf(words);
    if (filter === undefined) return undefined;
    filters.push(filter);
    at += words.length;
  }
  return { verb: 'WATCH', filters };
}

/** The filter that a text says, as WATCH takes it; undefined when it says none. */
export function readWatchFilter(text: string): WatchFilter | undefined {
  return filterOf(text.split(/(\.)/).filter((part) => part !== ''));
}

/** As WATCH writes it. */
export function watchFilterText(filter: WatchFilter): string {
  const { class: name, namespace, property } = filter;
  return [name, ...(namespace === undefined ? [] : [namespace]), ...(property === undefined ? [] : [property])].join('.');
}

/** Something that was committed, in parts. */
export interface WatchableEvent {
  readonly class: string;
  readonly namespace: string;
  /** A property, `_CREATE` or `_DESTROY`. */
  readonly name: string;
}

/** Whether somebody with these filters wants to hear of it. What is named behind the class alone may be a namespace or a property of the default one. */
export function isWatched(filters: readonly WatchFilter[], event: WatchableEvent): boolean {
  return filters.length === 0 || filters.some((filter) => filter.class === event.class && isPart(filter, event));
}

function isPart({ namespace, property }: WatchFilter, event: WatchableEvent): boolean {
  if (namespace !== undefined) return event.namespace === namespace && (property === undefined || property === event.name);
  return property === undefined || event.namespace === property || (event.namespace === '' && property === event.name);
}

/** A value, and every dot behind it with the value that follows without another one between. */
function wordAt(tokens: readonly Token[], from: number): readonly string[] {
  const words: string[] = [];
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at];
    const isDot = token?.kind === 'symbol';
    if (token === undefined || (!isDot && words.length > 0 && words.at(-1) !== '.')) break;
    words.push(token.text);
  }
  return words;
}

function filterOf(words: readonly string[]): WatchFilter | undefined {
  const [name = '', ...rest] = words;
  if (!isName(name)) return undefined;
  const shape = rest.map((word) => (isName(word) ? 'x' : word)).join('');
  if (shape === '') return { class: name };
  if (shape === '.x') return { class: name, property: rest[1] };
  if (shape === '..x') return { class: name, namespace: '', property: rest[2] };
  return shape === '.x.x' ? { class: name, namespace: rest[1], property: rest[3] } : undefined;
}
