import type { ClassType, NamespaceType, Property, RuleDefinition, Schema } from '../schema/schema.ts';
import { type Expression, type ParsedExpression, parseExpression } from './expression.ts';
import { functionOf, type NativeRule, ruleOf } from './native-rules.ts';
import type { Caller, Target } from './subject.ts';
import { evaluate, type Verdict } from './verdict.ts';

export interface AccessOptions {
  /** Runs a rule of type `exec` or `perl`: true when it said BYE SUCCESS. Absent, or a rejection: the rule counts as unknown. */
  readonly runRule?: ((rule: RuleDefinition, caller: Caller, target: Target) => Promise<boolean>) | undefined;
  /** More functions for rules of type `builtin` and `native`, by their data. */
  readonly native?: Readonly<Record<string, NativeRule>> | undefined;
  /** Told once for each rule or expression that cannot be answered. */
  readonly report?: ((trouble: AccessTrouble) => void) | undefined;
}

export interface AccessTrouble {
  readonly kind: 'unknown-rule' | 'syntax' | 'loop' | 'failed-rule';
  /** The name of the rule, or the expression. */
  readonly subject: string;
  readonly reason: string;
}

/** True at once, or later when a rule must read an object or run a program. */
export type Allowed = boolean | Promise<boolean>;

/** Answers ACLs (cce 3.3). The target shows the state inside the transaction: the new object for create, the one before the change for write. */
export interface Access {
  mayRead(caller: Caller, target: Target, property: string, namespace: NamespaceType): Allowed;
  mayWrite(caller: Caller, target: Target, property: string, namespace: NamespaceType): Allowed;
  /** Every namespace of the class must allow it. */
  mayCreate(caller: Caller, target: Target, type: ClassType): Allowed;
  mayDestroy(caller: Caller, target: Target, type: ClassType): Allowed;
  /** The properties of a namespace that the caller may read; asks each different ACL once. */
  readable(caller: Caller, target: Target, namespace: NamespaceType): Promise<ReadonlySet<string>>;
  /** Those of the given properties that the caller must not write, in the same order. */
  refused(caller: Caller, target: Target, namespace: NamespaceType, properties: Iterable<string>): Promise<readonly string[]>;
}

/** Rules inside of rules; more can only be a mistake. */
const DEEPEST = 50;

/** The rules that lead to the one being asked. */
interface Path {
  readonly rule: string;
  readonly depth: number;
  readonly before: Path | undefined;
}

interface Question {
  readonly caller: Caller;
  readonly target: Target;
  /** What composite rules and programs have answered: each is asked once, however often others name it. */
  readonly answers: Map<string, Verdict>;
}

export function createAccess(schema: Schema, options: AccessOptions = {}): Access {
  return new RuleAccess(schema, options);
}

class RuleAccess implements Access {
  readonly #rules: ReadonlyMap<string, RuleDefinition>;
  readonly #options: AccessOptions;
  /** As many as the schema has different expressions. */
  readonly #parsed = new Map<string, ParsedExpression>();
  readonly #reported = new Set<string>();

  constructor(schema: Schema, options: AccessOptions) {
    this.#rules = schema.rules;
    this.#options = options;
  }

  mayRead(caller: Caller, target: Target, property: string, namespace: NamespaceType): Allowed {
    if (caller.sysadmin) return true;
    const acl = namespace.properties.get(property);
    return acl !== undefined && this.#allows(readAclOf(acl), questionOf(caller, target));
  }

  mayWrite(caller: Caller, target: Target, property: string, namespace: NamespaceType): Allowed {
    if (caller.sysadmin) return true;
    const acl = namespace.properties.get(property);
    return acl !== undefined && this.#allows(acl.writeAcl, questionOf(caller, target));
  }

  mayCreate(caller: Caller, target: Target, type: ClassType): Allowed {
    const acls = [...type.namespaces.values()].map((namespace) => namespace.createAcl);
    return caller.sysadmin || this.#allowsAll(acls, questionOf(caller, target));
  }

  mayDestroy(caller: Caller, target: Target, type: ClassType): Allowed {
    const acls = [...type.namespaces.values()].map((namespace) => namespace.destroyAcl);
    return caller.sysadmin || this.#allowsAll(acls, questionOf(caller, target));
  }

  async readable(caller: Caller, target: Target, namespace: NamespaceType): Promise<ReadonlySet<string>> {
    if (caller.sysadmin) return allOf(namespace);
    const question = questionOf(caller, target);
    const answers = new Map<string, boolean>();
    const names = new Set<string>();
    for (const [name, property] of namespace.properties) {
      if (await this.#askOnce(readAclOf(property), question, answers)) names.add(name);
    }
    return names;
  }

  async refused(caller: Caller, target: Target, namespace: NamespaceType, properties: Iterable<string>): Promise<readonly string[]> {
    if (caller.sysadmin) return [];
    const question = questionOf(caller, target);
    const answers = new Map<string, boolean>();
    const names: string[] = [];
    for (const name of properties) {
      const property = namespace.properties.get(name);
      const allowed = property && (await this.#askOnce(property.writeAcl, question, answers));
      if (!allowed) names.push(name);
    }
    return names;
  }

  /** Waits only for what needs it: most ACLs of a namespace are the same few. */
  #askOnce(acl: string, question: Question, answers: Map<string, boolean>): Allowed {
    const known = answers.get(acl);
    if (known !== undefined) return known;
    const allowed = this.#allows(acl, question);
    if (typeof allowed === 'boolean') {
      answers.set(acl, allowed);
      return allowed;
    }
    return allowed.then((answer) => {
      answers.set(acl, answer);
      return answer;
    });
  }

  async #allowsAll(acls: readonly string[], question: Question): Promise<boolean> {
    if (acls.some(isBlank)) return false;
    for (const acl of new Set(acls)) {
      if (!(await this.#allows(acl, question))) return false;
    }
    return true;
  }

  /** A blank expression allows nobody; what blank means otherwise has been said before. */
  #allows(acl: string, question: Question): Allowed {
    if (isBlank(acl)) return false;
    const verdict = this.#evaluate(acl, question, undefined);
    return verdict instanceof Promise ? verdict.then((answer) => answer === true) : verdict === true;
  }

  #evaluate(text: string, question: Question, path: Path | undefined): Verdict | Promise<Verdict> {
    const parsed = this.#parse(text);
    if (parsed.ok) return evaluate(parsed.expression, (rule) => this.#ask(rule, question, path));
    this.#report({ kind: 'syntax', subject: text, reason: parsed.reason });
    return 'unknown';
  }

  #parse(text: string): ParsedExpression {
    const known = this.#parsed.get(text);
    if (known) return known;
    const parsed = parseExpression(text);
    this.#parsed.set(text, parsed);
    return parsed;
  }

  #ask(named: Extract<Expression, { kind: 'rule' }>, question: Question, path: Path | undefined): Verdict | Promise<Verdict> {
    const rule = ruleOf(this.#rules, named.name);
    if (!rule) return this.#unknown(named.name, 'no such rule');
    const known = question.answers.get(rule.name);
    if (known !== undefined) return known;
    if (rule.kind === 'acl') return this.#askComposite(rule, question, path);
    if (rule.kind === 'exec' || rule.kind === 'perl') return this.#askProgram(rule, question);
    const native = functionOf(rule, this.#options.native);
    return native ? native(question.caller, question.target, named.args) : this.#unknown(named.name, `no function "${rule.data}"`);
  }

  #askComposite(rule: RuleDefinition, question: Question, path: Path | undefined): Verdict | Promise<Verdict> {
    const depth = (path?.depth ?? 0) + 1;
    if (depth > DEEPEST || isOn(path, rule.name)) {
      this.#report({ kind: 'loop', subject: rule.name, reason: 'the rule leads to itself' });
      return 'loop';
    }
    const verdict = this.#evaluate(rule.data, question, { rule: rule.name, depth, before: path });
    return verdict instanceof Promise ? verdict.then((answer) => keep(question, rule, answer)) : keep(question, rule, verdict);
  }

  async #askProgram(rule: RuleDefinition, question: Question): Promise<Verdict> {
    if (!this.#options.runRule) return this.#unknown(rule.name, 'programs do not run here');
    try {
      return keep(question, rule, await this.#options.runRule(rule, question.caller, question.target));
    } catch (error) {
      this.#report({ kind: 'failed-rule', subject: rule.name, reason: error instanceof Error ? error.message : String(error) });
      return 'unknown';
    }
  }

  #unknown(name: string, reason: string): 'unknown' {
    this.#report({ kind: 'unknown-rule', subject: name, reason });
    return 'unknown';
  }

  #report(trouble: AccessTrouble): void {
    const key = `${trouble.kind} ${trouble.subject}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.#options.report?.(trouble);
  }
}

/** The names of a namespace, made once. */
const allNames = new WeakMap<NamespaceType, ReadonlySet<string>>();

function allOf(namespace: NamespaceType): ReadonlySet<string> {
  const known = allNames.get(namespace);
  if (known) return known;
  const all = new Set(namespace.properties.keys());
  allNames.set(namespace, all);
  return all;
}

function questionOf(caller: Caller, target: Target): Question {
  return { caller, target, answers: new Map() };
}

function keep(question: Question, rule: RuleDefinition, answer: Verdict): Verdict {
  question.answers.set(rule.name, answer);
  return answer;
}

function isOn(path: Path | undefined, rule: string): boolean {
  for (let step = path; step; step = step.before) {
    if (step.rule === rule) return true;
  }
  return false;
}

function isBlank(acl: string): boolean {
  return acl.trim() === '';
}

/** cce 3.3: nobody says who may read, so any authenticated user may. */
function readAclOf(property: Property): string {
  return isBlank(property.readAcl) ? 'ruleUser' : property.readAcl;
}
