import { expect, test } from 'vitest';
import { lintSchema, loadSchema } from './index.ts';

function lint(text: string): readonly string[] {
  const { findings } = loadSchema([{ file: 'a.schema', text }]);
  return findings.map(({ severity, line, text: what }) => `${severity} ${line}: ${what}`);
}

test('cce 17.61: unknown rules are warnings, under NOT errors, each at its line', () => {
  const text = `<class name="UserServices" createacl="ruleAdmin,ruleCreateVsite" destroyacl="rullAll">
  <property name="p" type="t" readacl="adminUser" writeacl="ruleAdmin AND NOT nosuch"/>
</class>
<typedef name="t" type="enum" data="a"/>
<rule name="mine" type="acl" data="ruleDestroyVsite or ruleCapable(adminUser)"/>`;
  expect(lint(text)).toEqual([
    'warning 1: createacl of class UserServices: rule ruleCreateVsite is not defined; it denies',
    'warning 1: destroyacl of class UserServices: rule rullAll is not defined; it denies',
    'warning 2: readacl of p of class UserServices: rule adminUser is not defined; it denies',
    'error 2: writeacl of p of class UserServices: rule nosuch is not defined; it denies also under NOT',
    'warning 5: rule mine: rule ruleDestroyVsite is not defined; it denies',
  ]);
});

test('rules that are there without a file are known', () => {
  const rules = [
    'Admin',
    'All',
    'User',
    'Self',
    'Capable(x)',
    'PropertyMatchProperty(.a,.b)',
    'PropertyMatchValue(.a,1)',
    'MatchSite',
    'TargetSysAdmin',
  ];
  const names = [...rules, 'ModifyUser', 'ModifyUserDefaults', 'ModifySite', 'SiteUserDefaults', 'SiteSSL', 'MailingLists'].map(
    (name) => `NOT rule${name}`,
  );
  expect(lint(`<class name="A" createacl="${names.join(' AND ')}"/>`)).toEqual([]);
});

test('what cannot be read is an error', () => {
  expect(lint('<class name="A" createacl="ruleAdmin ruleAll" destroyacl="(ruleAll"/><rule name="r" type="acl" data="a,"/>')).toEqual([
    'error 1: createacl of class A: AND, OR or a comma is missing at 11',
    'error 1: destroyacl of class A: ")" is missing',
    'error 1: rule r: a rule is missing at 3',
  ]);
});

test('cce 17.62: a rule that leads to itself is an error, and one that leads there', () => {
  const text =
    '<rule name="a" type="acl" data="b"/><rule name="b" type="acl" data="ruleAll and a"/><rule name="c" type="acl" data="a"/><rule name="d" type="acl" data="ruleModifyUser"/>';
  expect(lint(text).map((line) => line.slice(0, 15))).toEqual(['error 1: rule a', 'error 1: rule b', 'error 1: rule c']);
  expect(lint('<rule name="ruleMatchSite" type="acl" data="ruleModifyUser"/>')).toHaveLength(1);
});

test('a function that the engine has not, and a program without a path', () => {
  expect(
    lint('<rule name="a" type="builtin" data="rule_dance"/><rule name="b" type="exec"/><rule name="c" type="perl" data="x.pl"/>'),
  ).toEqual(['warning 1: rule a: the engine has no function "rule_dance"; it denies', 'error 1: rule b has no program']);
});

test('a schema that came from elsewhere can be looked at too', () => {
  const { schema } = loadSchema([{ file: 'a', text: '<class name="A"><property name="p" type="t"/></class>' }]);
  expect(lintSchema(schema)).toEqual([
    { severity: 'error', file: '', line: 0, text: 'property p of class A: type t is not defined; any value is accepted' },
  ]);
});
