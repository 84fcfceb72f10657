import { functionOf, parseExpression, ruleOf, rulesOf } from '../access/index.ts';
import type { Origin } from './drafts.ts';
import { fullName } from './elements.ts';
import { loopingRules } from './rule-loops.ts';
import type { LintFinding, NamespaceType, RuleDefinition, Schema } from './schema.ts';

/** What a finding is about: a rule, or a class, namespace and property. */
export interface LintSubject {
  readonly class?: string;
  readonly namespace?: string;
  readonly property?: string;
  readonly rule?: string;
}

/** An expression of the schema, where it stands and what it is called. */
interface Acl {
  readonly text: string;
  readonly what: string;
  readonly subject: LintSubject;
}

/**
 * What the references of a schema say (cce 2.3, 3.3). An unknown type is an error. An unknown rule is a warning, since it denies and
 * other alternatives still count; under NOT it is an error, since it denies where somebody meant to allow. Expressions that cannot be
 * read and rules that lead to themselves are errors.
 */
export function lintSchema(schema: Schema, originOf: (subject: LintSubject) => Origin = nowhere): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  function add(severity: LintFinding['severity'], subject: LintSubject, text: string): void {
    findings.push({ severity, ...originOf(subject), text });
  }
  for (const type of schema.classes.values()) {
    for (const namespace of type.namespaces.values()) {
      lintTypes(namespace, add);
      for (const acl of aclsOf(namespace)) lintAcl(schema, acl, add);
    }
  }
  for (const rule of schema.rules.values()) lintRule(schema, rule, add);
  for (const rule of loopingRules(schema)) add('error', { rule }, `rule ${rule} leads to itself, or to a rule that does; it denies`);
  return findings;
}

type Add = (severity: LintFinding['severity'], subject: LintSubject, text: string) => void;

function nowhere(): Origin {
  return { file: '', line: 0 };
}

function lintTypes(namespace: NamespaceType, add: Add): void {
  for (const [property, { type }] of namespace.properties) {
    if (type.kind !== 'unknown') continue;
    const subject = { class: namespace.class, namespace: namespace.name, property };
    const text = type.accepts('') ? 'is not defined; any value is accepted' : 'cannot be used; no value is accepted';
    add('error', subject, `property ${property} of ${fullName(namespace.class, namespace.name)}: type ${type.name} ${text}`);
  }
}

/** Every expression of a namespace that is not blank. */
function aclsOf(namespace: NamespaceType): readonly Acl[] {
  const name = fullName(namespace.class, namespace.name);
  const subject = { class: namespace.class, namespace: namespace.name };
  const acls: Acl[] = [
    { text: namespace.createAcl, what: `createacl of ${name}`, subject },
    { text: namespace.destroyAcl, what: `destroyacl of ${name}`, subject },
  ];
  for (const [property, { readAcl, writeAcl }] of namespace.properties) {
    const own = { ...subject, property };
    acls.push({ text: readAcl, what: `readacl of ${property} of ${name}`, subject: own });
    acls.push({ text: writeAcl, what: `writeacl of ${property} of ${name}`, subject: own });
  }
  return acls.filter(({ text }) => text.trim() !== '');
}

function lintAcl(schema: Schema, acl: Acl, add: Add): void {
  const parsed = parseExpression(acl.text);
  if (!parsed.ok) {
    add('error', acl.subject, `${acl.what}: ${parsed.reason}`);
    return;
  }
  for (const { name, isNegated } of rulesOf(parsed.expression)) {
    if (ruleOf(schema.rules, name)) continue;
    const text = isNegated ? 'is not defined; it denies also under NOT' : 'is not defined; it denies';
    add(isNegated ? 'error' : 'warning', acl.subject, `${acl.what}: rule ${name.slice(0, 60)} ${text}`);
  }
}

function lintRule(schema: Schema, rule: RuleDefinition, add: Add): void {
  const subject = { rule: rule.name };
  if (rule.kind === 'acl') {
    lintAcl(schema, { text: rule.data, what: `rule ${rule.name}`, subject }, add);
    return;
  }
  const isFunction = rule.kind === 'builtin' || rule.kind === 'native';
  if (isFunction && !functionOf(rule)) {
    add('warning', subject, `rule ${rule.name}: the engine has no function "${rule.data.slice(0, 60)}"; it denies`);
  }
  if (!isFunction && rule.data.trim() === '') add('error', subject, `rule ${rule.name} has no program`);
}
