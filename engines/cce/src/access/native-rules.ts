import type { RuleDefinition } from '../schema/schema.ts';
import type { Caller, Target } from './subject.ts';

/** A rule that is a function of this process. It never is asked for a sysadmin, whom no rule concerns. */
export type NativeRule = (caller: Caller, target: Target, args: readonly string[]) => boolean | Promise<boolean>;

/** `.p` and `p`: the default namespace; `Ns.p`: that one. */
function splitProperty(text: string): readonly [namespace: string, name: string] {
  const dot = text.lastIndexOf('.');
  return [text.slice(0, Math.max(dot, 0)), text.slice(dot + 1)];
}

function isAnonymous(caller: Caller): boolean {
  return caller.oid === 0;
}

function self(caller: Caller, target: Target): boolean {
  return !isAnonymous(caller) && caller.oid === target.oid;
}

function capable(caller: Caller, _target: Target, [capability = '']: readonly string[]): boolean | Promise<boolean> {
  if (isAnonymous(caller) || capability === '') return false;
  return caller.property('', 'capabilities').then((packed) => packed.includes(`&${capability}&`));
}

/** Two empty values are not equal (cce 3.3, ours): a user without a site is not of the site of an object without one. */
async function sameProperty(caller: Caller, target: Target, args: readonly string[]): Promise<boolean> {
  const [own = '', other = ''] = args;
  if (isAnonymous(caller)) return false;
  const value = await caller.property(...splitProperty(own));
  return value !== '' && value === (await target.property(...splitProperty(other)));
}

async function hasValue(caller: Caller, target: Target, args: readonly string[]): Promise<boolean> {
  const [name = '', wanted = ''] = args;
  return !isAnonymous(caller) && (await target.property(...splitProperty(name))) === wanted;
}

/** What the helper programs of the original decide: the Vsite is the one that the caller belongs to. */
async function ownSite(caller: Caller, target: Target): Promise<boolean> {
  if (isAnonymous(caller) || target.class !== 'Vsite') return false;
  const site = await caller.property('', 'site');
  return site !== '' && site === (await target.property('', 'name'));
}

function sameSite(caller: Caller, target: Target): Promise<boolean> {
  return sameProperty(caller, target, ['.site', '.site']);
}

/** By the name that rules of type `builtin` and `native` give as data. */
const FUNCTIONS: Readonly<Record<string, NativeRule>> = {
  rule_sysadmin: (caller) => caller.sysadmin,
  rule_all: () => true,
  rule_user: (caller) => !isAnonymous(caller),
  rule_self: self,
  rule_capable: capable,
  rule_property_match_property: sameProperty,
  rule_property_match_value: hasValue,
  ruleModifySite: ownSite,
  ruleSiteUserDefaults: ownSite,
  ruleSiteSSL: ownSite,
  ruleMailingLists: sameSite,
};

/** Rules of the original that are helper programs and here functions, also when a schema says `perl` (cce 3.3). */
const FORMER_PROGRAMS: ReadonlySet<string> = new Set(['ruleModifySite', 'ruleSiteUserDefaults', 'ruleSiteSSL', 'ruleMailingLists']);

const MODIFY_USER =
  '(ruleCapable(adminUser) AND NOT ruleTargetSysAdmin) OR (ruleCapable(siteAdmin) AND ruleMatchSite AND NOT ruleTargetSysAdmin)';

/** Rules that are there without any file (cce 3.3); a rule of the schema with the same name replaces one of them. */
const SHIPPED: ReadonlyMap<string, RuleDefinition> = new Map(
  [
    builtin('ruleAdmin', 'rule_sysadmin'),
    builtin('ruleAll', 'rule_all'),
    builtin('ruleUser', 'rule_user'),
    builtin('ruleSelf', 'rule_self'),
    builtin('ruleCapable', 'rule_capable'),
    builtin('rulePropertyMatchProperty', 'rule_property_match_property'),
    builtin('rulePropertyMatchValue', 'rule_property_match_value'),
    ...[...FORMER_PROGRAMS].map((name) => builtin(name, name)),
    composite('ruleMatchSite', 'rulePropertyMatchProperty(.site,.site)'),
    composite('ruleTargetSysAdmin', 'rulePropertyMatchValue(.systemAdministrator,1)'),
    composite('ruleModifyUser', MODIFY_USER),
    composite('ruleModifyUserDefaults', MODIFY_USER),
  ].map((rule) => [rule.name, rule]),
);

function builtin(name: string, data: string): RuleDefinition {
  return { name, kind: 'builtin', data };
}

function composite(name: string, data: string): RuleDefinition {
  return { name, kind: 'acl', data };
}

/** The rule of a name: that of the schema, else the shipped one. */
export function ruleOf(rules: ReadonlyMap<string, RuleDefinition>, name: string): RuleDefinition | undefined {
  const own = rules.get(name);
  const isProgram = own?.kind === 'perl' || own?.kind === 'exec';
  if (own && !(isProgram && FORMER_PROGRAMS.has(name))) return own;
  return SHIPPED.get(name);
}

/** The function behind a rule of type `builtin` or `native`. */
export function functionOf(rule: RuleDefinition, own: Readonly<Record<string, NativeRule>> = {}): NativeRule | undefined {
  const key = rule.data.trim() === '' ? rule.name : rule.data.trim();
  if (Object.hasOwn(own, key)) return own[key];
  return Object.hasOwn(FUNCTIONS, key) ? FUNCTIONS[key] : undefined;
}
