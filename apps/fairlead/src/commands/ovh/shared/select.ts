import { CliError } from '../../../cli-errors.ts';

const MAX_STEPS = 32;

/**
 * The part of a value at a dotted path: `a.b`, `a.0`, `a[0].b`, `[].name` and `*.name` for every element or member, `"a.b"` for a
 * key with a dot. What is not there is `null`; lists of lists become one list. Throws `CLI_USAGE` for what is no path.
 */
export function selectPath(value: unknown, path: string): unknown {
  const steps = stepsOf(path);
  if (steps === undefined) throw CliError('CLI_USAGE', { reason: `--select ${path} is no path such as nichandle or [].name` });
  return steps.reduce<Found>((found, step) => taken(found, step), { value, isMany: false }).value;
}

/** Whether a path can be picked by. */
export function isPath(path: string): boolean {
  return stepsOf(path) !== undefined;
}

interface Found {
  readonly value: unknown;
  /** Several values, each of which the next step is taken in. */
  readonly isMany: boolean;
}

type Step = { readonly all: true } | { readonly all: false; readonly key: string };

const STEP = /(?:^|\.|(?=\[))(?:\[(\d*|\*)\]|"([^"]+)"|(\*)|([^.[\]"*]+))/y;

function stepsOf(path: string): Step[] | undefined {
  const text = path.startsWith('.') ? path.slice(1) : path;
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const match = STEP.exec(text);
    if (match === null || STEP.lastIndex === at || steps.length >= MAX_STEPS) return undefined;
    const [, index, quoted, star, key] = match;
    const name = quoted ?? key ?? index ?? '';
    steps.push(star !== undefined || index === '' || index === '*' ? { all: true } : { all: false, key: name });
  }
  return steps;
}

function taken({ value, isMany }: Found, step: Step): Found {
  if (!isMany) return step.all ? { value: elementsOf(value), isMany: true } : { value: memberOf(value, step.key), isMany: false };
  const values = value as readonly unknown[];
  return { value: step.all ? values.flatMap(elementsOf) : values.map((one) => memberOf(one, step.key)), isMany: true };
}

function elementsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return null;
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : null;
}
