import type { ReplyLine, Values } from '@fairlead/cscp/codec';
import type { ProgramPort } from '../handlers/programs.ts';
import { UNKNOWN_ATTRIBUTE, validateExtern, validateValue } from '../schema/index.ts';
import type { NamespaceType, Property, Typedef } from '../schema/schema.ts';
import type { CommandContext } from './commands/command.ts';
import { effectiveValue, MAGIC_KEYS, type ObjectState } from './values.ts';

/** A program that judges a value has this long (cce 2.4). */
const EXTERN_MS = 2000;

export interface Question {
  readonly type: NamespaceType;
  /** As an error names it: 0 for CREATE. */
  readonly oid: string;
  /** The object, whose present values are no write; undefined for CREATE. */
  readonly state: ObjectState | undefined;
}

/** What a write would change, magic keys left out. */
export function written({ type, state }: Question, values: Values): ReadonlyMap<string, string> {
  return new Map([...values].filter(([key, value]) => !MAGIC_KEYS.has(key) && (!state || effectiveValue(type, state, key) !== value)));
}

/** A 302 for each key that is unknown or whose value does not fit, in the order of the request (cce 1.7 SET, 2.4). */
export async function validate(
  context: CommandContext,
  question: Question,
  values: ReadonlyMap<string, string>,
): Promise<readonly ReplyLine[]> {
  const lines: ReplyLine[] = [];
  for (const [key, value] of values) {
    const property = question.type.properties.get(key);
    const message = property ? await objection(context, property, value) : UNKNOWN_ATTRIBUTE;
    if (message !== undefined) lines.push({ code: 302, oid: question.oid, key, message });
  }
  return lines;
}

function objection(context: CommandContext, property: Property, value: string): Promise<string | undefined> | string | undefined {
  const { allowExternTypes, programs } = context.core.options;
  if (property.type.kind !== 'extern' || !allowExternTypes || !programs) return validateValue(property, value);
  return validateExtern(property, value, undefined, (type, part) => accepts(context, programs, type, part));
}

async function accepts({ core, options }: CommandContext, programs: ProgramPort, type: Typedef, value: string): Promise<boolean> {
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(EXTERN_MS), options.signal]);
    return await programs.accepts({ type: 'exec', path: type.data }, value, signal);
  } catch (error) {
    core.log.warn({ err: error, type: type.name }, 'the program of a type broke off');
    return false;
  }
}
