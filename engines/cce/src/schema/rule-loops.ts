import { parseExpression, ruleOf, rulesOf } from '../access/index.ts';
import type { RuleDefinition, Schema } from './schema.ts';

/**
 * The composite rules of a schema that lead to themselves, or to a rule that does: asking one of them denies (cce 3.3).
 * Linear in the length of all expressions.
 */
export function loopingRules(schema: Schema): ReadonlySet<string> {
  const references = referencesOf(schema);
  const users = new Map<string, string[]>();
  for (const [rule, names] of references) {
    for (const name of names) {
      const known = users.get(name);
      if (known) known.push(rule);
      else users.set(name, [rule]);
    }
  }
  const left = new Map([...references].map(([rule, names]) => [rule, names.size]));
  const done = [...left].filter(([, count]) => count === 0).map(([rule]) => rule);
  for (let rule = done.pop(); rule !== undefined; rule = done.pop()) {
    left.delete(rule);
    for (const user of users.get(rule) ?? []) {
      const count = (left.get(user) ?? 0) - 1;
      left.set(user, count);
      if (count === 0) done.push(user);
    }
  }
  return new Set([...schema.rules.keys()].filter((rule) => left.has(rule)));
}

/** Each composite rule that the schema has or uses, and the composite rules that it names. */
function referencesOf(schema: Schema): ReadonlyMap<string, ReadonlySet<string>> {
  const references = new Map<string, ReadonlySet<string>>();
  const open = [...schema.rules.keys()];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const rule = ruleOf(schema.rules, name);
    if (rule?.kind !== 'acl' || references.has(name)) continue;
    const names = namesIn(rule).filter((other) => ruleOf(schema.rules, other)?.kind === 'acl');
    references.set(name, new Set(names));
    open.push(...names);
  }
  return references;
}

function namesIn(rule: RuleDefinition): readonly string[] {
  const parsed = parseExpression(rule.data);
  return parsed.ok ? rulesOf(parsed.expression).map(({ name }) => name) : [];
}
