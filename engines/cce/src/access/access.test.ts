import { describe, expect, test } from 'vitest';
import { loadSchema, type NamespaceType, type Schema } from '../schema/index.ts';
import { type AccessOptions, type AccessTrouble, type Caller, createAccess, type Target } from './index.ts';

type Values = Readonly<Record<string, string>>;

/** Keys are `Ns.name`, of the default namespace `.name`. */
function propertiesOf(values: Values) {
  return (namespace: string, name: string) => Promise.resolve(values[`${namespace}.${name}`] ?? '');
}

function user(oid: number, values: Values = {}): Caller {
  return { oid, sysadmin: false, property: propertiesOf(values) };
}

function object(oid: number, type: string, values: Values = {}): Target {
  return { oid, class: type, property: propertiesOf(values) };
}

const ANONYMOUS = user(0);
const ADMIN_FLAG: Caller = { oid: 0, sysadmin: true, property: propertiesOf({}) };

function schemaOf(text: string): Schema {
  return loadSchema([{ file: 'a.schema', text: `${text}<typedef name="scalar" type="re" data=""/>` }]).schema;
}

function namespaceOf(schema: Schema, type: string, namespace = ''): NamespaceType {
  const found = schema.classes.get(type)?.namespaces.get(namespace);
  if (!found) throw new Error(`no ${type}.${namespace}`);
  return found;
}

/** Whether an expression lets the caller write, with more rules from `rules`. */
function asks(rules = '', options?: AccessOptions) {
  return (expression: string, caller: Caller, target: Target = object(9, 'A')): boolean | Promise<boolean> => {
    const escaped = expression.replaceAll('"', '&quot;');
    const schema = schemaOf(`<class name="A"><property name="p" type="scalar" writeacl="${escaped}"/></class>${rules}`);
    return createAccess(schema, options).mayWrite(caller, target, 'p', namespaceOf(schema, 'A'));
  };
}

const USERS = `<class name="User" createacl="ruleModifyUser" destroyacl="ruleModifyUser">
  <property name="name" type="scalar" writeacl="ruleModifyUser" readacl="ruleAll"/>
  <property name="fullName" type="scalar" writeacl="ruleSelf OR ruleModifyUser" readacl="ruleAll"/>
  <property name="crypt_password" type="scalar" writeacl="ruleSelf OR ruleModifyUser" readacl="ruleSelf OR ruleModifyUser"/>
  <property name="systemAdministrator" type="scalar" readacl="ruleSelf"/>
</class>`;

const SITE_ADMIN = user(58, { '.capabilities': '&siteAdmin&', '.site': 'site1' });

describe('User', () => {
  const schema = schemaOf(USERS);
  const access = createAccess(schema);
  const namespace = namespaceOf(schema, 'User');

  test('cce 17.54: a user writes the own full name, not that of another', async () => {
    expect(await access.mayWrite(user(56), object(56, 'User'), 'fullName', namespace)).toBe(true);
    expect(await access.mayWrite(user(56), object(57, 'User'), 'fullName', namespace)).toBe(false);
    expect(await access.mayWrite(ANONYMOUS, object(0, 'User'), 'fullName', namespace)).toBe(false);
  });

  test('cce 17.56: a site administrator changes users of the own site, no others and no sysadmin', async () => {
    const own = object(56, 'User', { '.site': 'site1' });
    expect(await access.mayWrite(SITE_ADMIN, own, 'name', namespace)).toBe(true);
    expect(await access.mayWrite(SITE_ADMIN, object(56, 'User', { '.site': 'site2' }), 'name', namespace)).toBe(false);
    expect(
      await access.mayWrite(SITE_ADMIN, object(56, 'User', { '.site': 'site1', '.systemAdministrator': '1' }), 'name', namespace),
    ).toBe(false);
    expect(await access.mayWrite(user(59, { '.site': 'site1' }), own, 'name', namespace)).toBe(false);
  });

  test('cce 17.56: who has no site is of no site', async () => {
    const siteless = user(58, { '.capabilities': '&siteAdmin&' });
    expect(await access.mayWrite(siteless, object(56, 'User'), 'name', namespace)).toBe(false);
  });

  test('cce 17.57: every refused property is named, in the order of the request', async () => {
    const own = object(56, 'User');
    const names = ['systemAdministrator', 'fullName', 'nosuch', 'name'];
    expect(await access.refused(user(56), own, namespace, names)).toEqual(['systemAdministrator', 'nosuch', 'name']);
    expect(await access.refused(ADMIN_FLAG, own, namespace, names)).toEqual([]);
  });

  test('cce 17.59: create asks about the new object with its data', async () => {
    const type = schema.classes.get('User');
    if (!type) throw new Error('no User');
    expect(await access.mayCreate(SITE_ADMIN, object(61, 'User', { '.site': 'site1' }), type)).toBe(true);
    expect(await access.mayCreate(SITE_ADMIN, object(61, 'User', { '.site': 'site2' }), type)).toBe(false);
    expect(await access.mayDestroy(SITE_ADMIN, object(61, 'User', { '.site': 'site2' }), type)).toBe(false);
  });

  test('cce 17.64: the hash of a password is for its owner and who administers users', async () => {
    const own = object(56, 'User', { '.site': 'site1' });
    expect([...(await access.readable(user(57), own, namespace))]).toEqual(['name', 'fullName']);
    expect([...(await access.readable(SITE_ADMIN, own, namespace))]).toEqual(['name', 'fullName', 'crypt_password']);
    expect([...(await access.readable(user(56), own, namespace))]).toEqual(['name', 'fullName', 'crypt_password', 'systemAdministrator']);
  });
});

test('cce 17.55: who is anonymous sees only what everybody may', async () => {
  const schema = schemaOf(
    '<class name="System"><property name="a" type="scalar" readacl="ruleAll"/><property name="b" type="scalar"/><property name="c" type="scalar" readacl="ruleUser"/></class>',
  );
  const access = createAccess(schema);
  const namespace = namespaceOf(schema, 'System');
  expect([...(await access.readable(ANONYMOUS, object(1, 'System'), namespace))]).toEqual(['a']);
  expect([...(await access.readable(user(6), object(1, 'System'), namespace))]).toEqual(['a', 'b', 'c']);
  expect(access.mayRead(ANONYMOUS, object(1, 'System'), 'b', namespace)).toBe(false);
  expect(access.mayRead(user(6), object(1, 'System'), 'nosuch', namespace)).toBe(false);
});

describe('cce 17.58: create and destroy need every namespace', () => {
  const schema = schemaOf(
    '<class name="A" createacl="ruleAll" destroyacl="ruleAll"/><class name="A" namespace="N" createacl="  "/><class name="B" namespace="N" createacl="ruleAll" destroyacl="rullAll"/>',
  );
  const access = createAccess(schema);
  const [a, b] = [...schema.classes.values()];

  test('one that says nothing leaves it to sysadmins', async () => {
    if (!(a && b)) throw new Error('no classes');
    expect(await access.mayCreate(user(6), object(7, 'A'), a)).toBe(false);
    expect(await access.mayDestroy(user(6), object(7, 'A'), a)).toBe(false);
    expect(await access.mayCreate(ADMIN_FLAG, object(7, 'A'), a)).toBe(true);
  });

  test('a default namespace that no file declares does not forbid it', async () => {
    if (!(a && b)) throw new Error('no classes');
    expect(await access.mayCreate(user(6), object(7, 'B'), b)).toBe(true);
    expect(await access.mayDestroy(user(6), object(7, 'B'), b)).toBe(false);
  });
});

test('cce 17.60: `a or b and c` asks for c as well', async () => {
  const may = asks();
  expect(await may('ruleAll or ruleAll and ruleSelf', user(5))).toBe(false);
  expect(await may('ruleAll or (ruleAll and ruleSelf)', user(5))).toBe(true);
  expect(await may('ruleSelf and ruleSelf or ruleAll', user(5))).toBe(true);
});

describe('cce 17.61: a rule that nobody knows', () => {
  test.each([
    ['nosuch', false],
    ['NOT nosuch', false],
    ['! (nosuch)', false],
    ['NOT (ruleAll and nosuch)', false],
    ['NOT NOT nosuch', false],
    ['nosuch or ruleAll', true],
    ['ruleAll,nosuch', true],
    ['nosuch and ruleAll', false],
    ['NOT (nosuch or ruleAll)', false],
    ['NOT (ruleSelf and nosuch)', true],
    ['adminUser', false],
    ['constructor', false],
  ])('in %s: %s', async (expression, allowed) => {
    expect(await asks()(expression, user(5))).toBe(allowed);
  });

  test('is told once', async () => {
    const told: AccessTrouble[] = [];
    const schema = schemaOf(
      '<class name="A"><property name="p" type="scalar" writeacl="nosuch,ruleAll"/><property name="q" type="scalar" writeacl="ruleAll ruleAll"/></class>',
    );
    const access = createAccess(schema, { report: (trouble) => told.push(trouble) });
    for (const name of ['p', 'q', 'p', 'q']) await access.mayWrite(user(5), object(6, 'A'), name, namespaceOf(schema, 'A'));
    expect(told.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['unknown-rule', 'nosuch'],
      ['syntax', 'ruleAll ruleAll'],
    ]);
  });
});

describe('cce 17.62: a rule that leads to itself denies', () => {
  const rules =
    '<rule name="a" type="acl" data="b or ruleAll"/><rule name="b" type="acl" data="NOT a"/><rule name="self" type="acl" data="self"/>';

  test.each(['a', 'NOT a', 'a or ruleAll', 'self', '!self', 'ruleSelf,(self,ruleAll)'])('%s', async (expression) => {
    expect(await asks(rules)(expression, user(5))).toBe(false);
  });

  test('not when its answer does not matter', async () => {
    expect(await asks(rules)('ruleAll or a', user(5))).toBe(true);
  });

  test('a long chain of rules ends too', async () => {
    const chain = Array.from({ length: 5000 }, (_, at) => `<rule name="r${at}" type="acl" data="r${at + 1}"/>`).join('');
    expect(await asks(`${chain}<rule name="r5000" type="acl" data="ruleAll"/>`)('r0', user(5))).toBe(false);
    expect(await asks(`${chain}<rule name="r5000" type="acl" data="ruleAll"/>`)('r4990', user(5))).toBe(true);
  });
});

test('rules that name each other many times are each asked once', async () => {
  const rules = Array.from({ length: 45 }, (_, at) => `<rule name="r${at}" type="acl" data="r${at + 1} and NOT (NOT r${at + 1})"/>`).join(
    '',
  );
  expect(await asks(`${rules}<rule name="r45" type="acl" data="ruleCapable(x)"/>`)('r0', user(5, { '.capabilities': '&x&' }))).toBe(true);
  expect(await asks(`${rules}<rule name="r45" type="acl" data="ruleUser"/>`)('r0', user(5))).toBe(true);
});

test('rules as deep as they may be are answered', async () => {
  const deep = `${'NOT ('.repeat(50)}X${')'.repeat(50)}`;
  const rules = Array.from({ length: 49 }, (_, at) => `<rule name="r${at}" type="acl" data="${deep.replace('X', `r${at + 1}`)}"/>`).join(
    '',
  );
  expect(await asks(`${rules}<rule name="r49" type="acl" data="ruleAll"/>`)('r0', user(5))).toBe(true);
});

test('cce 17.65: a capability shows only to who has it', async () => {
  const schema = schemaOf(
    '<class name="Capabilities" namespace="serverSNMP"><property name="capable" type="scalar" readacl="ruleCapable(serverSNMP)"/></class>',
  );
  const access = createAccess(schema);
  const namespace = namespaceOf(schema, 'Capabilities', 'serverSNMP');
  async function sees(capabilities: string): Promise<boolean> {
    return (await access.readable(user(5, { '.capabilities': capabilities }), object(3, 'Capabilities'), namespace)).has('capable');
  }
  expect(await sees('&a&serverSNMP&b&')).toBe(true);
  for (const other of ['', '&serverSNMP2&', '&xserverSNMP&', 'serverSNMP', '&&']) expect(await sees(other), other).toBe(false);
  expect(await asks()('ruleCapable()', user(5, { '.capabilities': '&&' }))).toBe(false);
});

describe('cce 17.66: rules that are programs', () => {
  const rules = '<rule name="exec1" type="exec" data="sites/allow"/><rule name="perl1" type="perl" data="sites/deny.pl"/>';
  const ran: string[] = [];
  const options: AccessOptions = {
    runRule: async (rule, caller, target) => {
      ran.push(`${rule.kind} ${rule.data} ${caller.oid} ${target.oid}`);
      if (rule.data === 'sites/allow') return (await target.property('', 'owner')) === String(caller.oid);
      throw new Error('the program is gone');
    },
  };

  test.each([
    ['test1', 11, 'site1', 11, true],
    ['test1', 11, 'site2', 12, false],
    ['test2', 12, 'site1', 11, false],
    ['test2', 12, 'site2', 12, true],
  ])('%s (%i) on %s of %i: %s', async (_, caller, site, owner, allowed) => {
    const target = object(34, 'Vsite', { '.name': site, '.owner': String(owner) });
    expect(await asks(rules, options)('exec1', user(caller), target)).toBe(allowed);
    expect(ran.pop()).toBe(`exec sites/allow ${caller} 34`);
  });

  test('one that fails denies, also under NOT; others still count', async () => {
    expect(await asks(rules, options)('perl1', user(5))).toBe(false);
    expect(await asks(rules, options)('NOT perl1', user(5))).toBe(false);
    expect(await asks(rules, options)('perl1 or ruleAll', user(5))).toBe(true);
    expect(await asks(rules)('exec1', user(5))).toBe(false);
  });

  test('none runs when its answer cannot matter, nor for a sysadmin', async () => {
    ran.length = 0;
    expect(await asks(rules, options)('ruleAll or exec1', user(5))).toBe(true);
    expect(await asks(rules, options)('ruleSelf and exec1', user(5))).toBe(false);
    expect(await asks(rules, options)('exec1', ADMIN_FLAG)).toBe(true);
    expect(ran).toEqual([]);
  });

  test('one ACL of many properties is asked once', async () => {
    ran.length = 0;
    const properties = ['a', 'b', 'c'].map((name) => `<property name="${name}" type="scalar" readacl="exec1" writeacl="exec1"/>`).join('');
    const schema = schemaOf(`<class name="A">${properties}</class>${rules}`);
    const access = createAccess(schema, options);
    await access.readable(user(5), object(6, 'A'), namespaceOf(schema, 'A'));
    await access.refused(user(5), object(6, 'A'), namespaceOf(schema, 'A'), ['a', 'b', 'c']);
    expect(ran).toHaveLength(2);
    await asks(rules, options)('ruleSelf or exec1 or ruleSelf or exec1', user(5));
    expect(ran).toHaveLength(3);
  });
});

describe('cce 3.3: the rules that are there without a file', () => {
  const site = object(34, 'Vsite', { '.name': 'site1', '.site': '' });
  const member = user(56, { '.site': 'site1', 'Ns.x': '1' });

  test.each(['ruleModifySite', 'ruleSiteUserDefaults', 'ruleSiteSSL'])('%s: the Vsite of the caller', async (rule) => {
    const may = asks(`<rule name="${rule}" type="perl" data="gone.pl"/>`);
    expect(await may(rule, member, site)).toBe(true);
    expect(await may(rule, user(57, { '.site': 'site2' }), site)).toBe(false);
    expect(await may(rule, member, object(35, 'VirtualHost', { '.name': 'site1' }))).toBe(false);
    expect(await may(rule, user(57), object(34, 'Vsite'))).toBe(false);
  });

  test('ruleMailingLists: an object of the site of the caller', async () => {
    expect(await asks()('ruleMailingLists', member, object(70, 'MailMan', { '.site': 'site1' }))).toBe(true);
    expect(await asks()('ruleMailingLists', member, object(70, 'MailMan', { '.site': 'site2' }))).toBe(false);
  });

  test('rulePropertyMatchProperty and rulePropertyMatchValue know namespaces, and nobody anonymous', async () => {
    const target = object(70, 'A', { 'Ns.y': '1', '.x': '2' });
    expect(await asks()('rulePropertyMatchProperty(Ns.x, Ns.y)', member, target)).toBe(true);
    expect(await asks()('rulePropertyMatchProperty(x, y)', member, target)).toBe(false);
    expect(await asks()('rulePropertyMatchValue(.x,2)', member, target)).toBe(true);
    expect(await asks()('rulePropertyMatchValue(x,2)', member, target)).toBe(true);
    expect(await asks()('rulePropertyMatchValue(.x,2)', ANONYMOUS, target)).toBe(false);
    expect(await asks()('rulePropertyMatchProperty(.a,.a)', member, target)).toBe(false);
  });

  test('a rule of the schema replaces one of them', async () => {
    expect(await asks('<rule name="ruleMatchSite" type="acl" data="ruleAll"/>')('ruleMatchSite', ANONYMOUS)).toBe(true);
  });

  test('functions of the host can be rules too', async () => {
    const options: AccessOptions = { native: { mine: (_caller, _target, args) => args.includes('yes') } };
    const may = asks('<rule name="ruleMine" type="native" data="mine"/>', options);
    expect(await may('ruleMine(yes)', user(5))).toBe(true);
    expect(await may('ruleMine(no)', user(5))).toBe(false);
  });
});

test('what needs no object and no program is answered at once', () => {
  const may = asks();
  expect(may('ruleAll or ruleCapable(x)', user(5))).toBe(true);
  expect(may('ruleSelf', user(9))).toBe(true);
  expect(may('ruleUser and ruleCapable(x)', ANONYMOUS)).toBe(false);
  expect(may('', user(9))).toBe(false);
});
