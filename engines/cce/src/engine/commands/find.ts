import type { Criterion, Sort } from '@fairlead/cscp/codec';
import { CALLER_PATTERN_BYTES, compileEre } from '../../regex/index.ts';
import type { NamespaceType, Property } from '../../schema/schema.ts';
import { type Comparator, comparatorOf } from '../../sort/index.ts';
import { Pace } from '../pace.ts';
import { BAD_PARAMETERS, failed, succeeded } from '../replies.ts';
import type { Rights } from '../rights.ts';
import { type Narrowing, narrowingFor, searchClass } from '../search.ts';
import { effectiveValue, elementsOf, type ObjectState, splitKey } from '../values.ts';
import type { View } from '../view.ts';
import type { Command, CommandContext } from './command.ts';

/** Whether an object has what a criterion asks for, and the caller may know it. */
type Test = (state: ObjectState) => Promise<boolean>;

interface Found {
  readonly oid: number;
  readonly sortValue: string;
}

/** FIND (cce 1.7): all criteria hold; what the caller may not read matches nothing. */
export const find: Command<'FIND'> = async (context, operation) => {
  const compare = operation.sort ? comparatorOf(operation.sort.type) : undefined;
  if (operation.sort && !compare) return BAD_PARAMETERS;
  const view = context.view();
  if (!view.schema.classes.has(operation.class)) return failed([{ code: 301, class: operation.class }]);
  const rights = await context.rights(view);
  const reading = { view, rights, pace: new Pace(context.options.signal) };
  const tests: Test[] = [];
  for (const criterion of operation.criteria) {
    const test = testOf(reading, operation.class, criterion);
    if ('reason' in test) return failed([{ code: 308, text: test.reason }]);
    tests.push(test.run);
  }
  const found: Found[] = [];
  for await (const state of searchClass(context.core, view, operation.class, narrowest(context, view, operation))) {
    context.options.signal.throwIfAborted();
    if (!(await all(tests, state))) continue;
    found.push({ oid: state.oid, sortValue: operation.sort ? await sortValueOf(reading, state, operation.sort) : '' });
  }
  return succeeded(sorted(found, compare).map(({ oid }) => ({ code: 104, oid: String(oid) })));
};

interface Reading {
  readonly view: View;
  readonly rights: Rights;
  readonly pace: Pace;
}

function testOf(
  { view, rights, pace }: Reading,
  className: string,
  criterion: Criterion,
): { readonly run: Test } | { readonly reason: string } {
  const matches = matcherOf(criterion);
  if ('reason' in matches) return matches;
  const { type, property } = propertyOf(view, className, criterion.key);
  if (!type || !property) return { run: async () => false };
  return {
    run: async (state) => {
      const value = effectiveValue(type, state, property.name) ?? '';
      const candidates = property.array ? [value, ...elementsOf(value)] : [value];
      for (const candidate of candidates) {
        const turn = pace.before(matches.states * candidate.length);
        if (turn) await turn;
        if (matches.run(candidate)) return rights.mayRead(state, type, property.name);
      }
      return false;
    },
  };
}

interface Matcher {
  readonly run: (text: string) => boolean;
  /** What a character of the text costs. */
  readonly states: number;
}

function matcherOf({ match, value }: Criterion): Matcher | { readonly reason: string } {
  if (match === 'equals') return { run: (text) => text === value, states: 1 };
  const ere = compileEre(value, { newline: true, limit: CALLER_PATTERN_BYTES });
  return ere.ok ? { run: (text) => ere.test(text), states: ere.states } : { reason: ere.reason };
}

function propertyOf(
  view: View,
  className: string,
  key: string,
): { readonly type?: NamespaceType | undefined; readonly property?: Property | undefined } {
  const { namespace, name } = splitKey(key);
  const type = view.schema.classes.get(className)?.namespaces.get(namespace);
  return { type, property: type?.properties.get(name) };
}

/** An index is best, then a text that the store itself can look for. */
function narrowest(
  { core }: CommandContext,
  view: View,
  { class: className, criteria }: { readonly class: string; readonly criteria: readonly Criterion[] },
): Narrowing {
  const possible = criteria
    .filter(({ match }) => match === 'equals')
    .flatMap(({ key, value }) => {
      const { namespace, name } = splitKey(key);
      return narrowingFor(core, view, { class: className, namespace, property: name, value }) ?? [];
    });
  return possible.find(({ indexed }) => indexed) ?? possible[0] ?? {};
}

async function all(tests: readonly Test[], state: ObjectState): Promise<boolean> {
  for (const test of tests) if (!(await test(state))) return false;
  return true;
}

/** A value that the caller may not read does not decide about the order either. */
async function sortValueOf({ view, rights }: Reading, state: ObjectState, sort: Sort): Promise<string> {
  const { type, property } = propertyOf(view, state.class, sort.property);
  if (!type || !property || !(await rights.mayRead(state, type, property.name))) return '';
  return effectiveValue(type, state, property.name) ?? '';
}

function sorted(found: readonly Found[], compare: Comparator | undefined): readonly Found[] {
  if (!compare) return found;
  return found.toSorted((one, other) => compare(one.sortValue, other.sortValue) || one.oid - other.oid);
}
