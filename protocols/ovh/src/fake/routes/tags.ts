import { asRow, type Json, type Row } from '../json.ts';
import { refuse } from '../refusal.ts';
import { like } from './paging-v1.ts';

/**
 * Keeps the rows whose tags fit a filter as `{"env":[{"operator":"EQ","value":"prod"}]}` (3.4).
 * Conditions of one tag and of several must all hold. Throws a 400 when the text is no such filter.
 */
export function withTags<T>(rows: readonly T[], filter: string | null, tagsOf: (row: T) => Row): readonly T[] {
  if (filter === null || filter === 'null') return rows;
  const wanted = parseFilter(filter);
  return rows.filter((row) => {
    const tags = tagsOf(row);
    return wanted.every(([tag, conditions]) => conditions.every((condition) => holds(condition, tags[tag])));
  });
}

interface Condition {
  readonly operator: string;
  readonly value: string;
}

function parseFilter(text: string): Array<[string, Condition[]]> {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw badFilter();
  }
  const row = asRow(value);
  if (row === undefined) throw badFilter();
  return Object.entries(row).map(([tag, conditions]) => {
    if (!Array.isArray(conditions)) throw badFilter();
    return [tag, conditions.map(conditionOf)];
  });
}

function conditionOf(entry: Json): Condition {
  const { operator = 'EQ', value = '' } = asRow(entry) ?? {};
  if (typeof operator !== 'string' || typeof value !== 'string') throw badFilter();
  return { operator, value };
}

function holds({ operator, value }: Condition, tag: Json | undefined): boolean {
  switch (operator) {
    case 'EQ':
      return tag === value;
    case 'NEQ':
      return tag !== value;
    case 'EXISTS':
      return tag !== undefined;
    case 'NEXISTS':
      return tag === undefined;
    case 'LIKE':
    case 'ILIKE':
      return typeof tag === 'string' && like(value, tag) && (operator === 'ILIKE' || sameCase(value, tag));
    default:
      throw badFilter();
  }
}

function sameCase(pattern: string, tag: string): boolean {
  return pattern.split('%').every((part) => tag.includes(part));
}

function badFilter() {
  return refuse.badRequest('The filter of tags is not valid');
}
