import type { InventoryFact } from '@fairlead/kernel/services';
import { momentOf } from './text.ts';

export function factOf(facts: readonly InventoryFact[], code: string): InventoryFact | undefined {
  return facts.find((fact) => fact.code === code);
}

/** The value of a fact that is told in a word, in lower case. */
export function wordOf(facts: readonly InventoryFact[], code: string): string | undefined {
  const value = factOf(facts, code)?.value;
  return typeof value === 'string' ? value.toLowerCase() : undefined;
}

export interface Moment {
  readonly fact: InventoryFact;
  /** Milliseconds. */
  readonly at: number;
}

/** The latest of the facts whose value is a moment. */
export function latestMoment(facts: readonly InventoryFact[], code: string): Moment | undefined {
  let latest: Moment | undefined;
  for (const fact of facts) {
    const at = fact.code === code ? momentOf(fact.value) : undefined;
    if (at !== undefined && (latest === undefined || at > latest.at)) latest = { fact, at };
  }
  return latest;
}
