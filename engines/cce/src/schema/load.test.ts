import { describe, expect, test } from 'vitest';
import { type LoadOptions, loadSchema, type NamespaceType, type Property } from './index.ts';

function load(text: string, options?: LoadOptions) {
  const { schema, findings } = loadSchema([{ file: 'a.schema', text }], options);
  return { schema, findings, said: findings.map(({ severity, line, text: what }) => `${severity} ${line}: ${what}`) };
}

function namespaceOf(text: string, name = '', options?: LoadOptions): NamespaceType {
  const namespace = load(text, options).schema.classes.get('A')?.namespaces.get(name);
  if (!namespace) throw new Error(`class A has no namespace "${name}"`);
  return namespace;
}

function propertyOf(attributes: string, options?: LoadOptions): Property {
  const text = `<typedef name="scalar" type="re" data=""/><class name="A"><property name="p" ${attributes}/></class>`;
  const property = namespaceOf(text, '', options).properties.get('p');
  if (!property) throw new Error('no property p');
  return property;
}

describe('cce 17.67: the shapes of real schemas', () => {
  const real = `// written by hand, 1999
<!-- a comment
     <CLASS NAME="Hidden"/> over lines -->
<SCHEMA NAME="base" VENDOR = 'Cobalt'
        version="1.0">
  <! an old comment --><! -- another -->
  <!---------------------
    CLASS <CLASS NAME="Framed"/>
  ---------------------->
  <CLASS NAME = "A" Version='2.1' NAMESPACE="" CREATEACL='ruleAdmin'
         destroyacl="ruleAdmin">
    // stray text between elements, with a > and a "quote
    <Property NAME="name" TYPE="word" />
    <property name='list' type="word" array="1" default="&en&&amp;&lt;&#65;&nosuch;" optional='1' optional="">
    </property>
    <INDEX NAME="byName" PROPERTY="list" SORT="ascii"/>
  </CLASS>
</SCHEMA>
<typedef name='word' type="re" data='^[^[:space:]]+$' errmsg="[[base-x.y]]"/>
<matchtype name="ip" type="builtin" data="ip"/>
<class name="Empty" version="7"/>`;

  test('everything is read', () => {
    const { schema, said } = load(real);
    expect([...schema.classes.keys()]).toEqual(['A', 'Empty']);
    const namespace = schema.classes.get('A')?.namespaces.get('');
    expect(namespace).toMatchObject({ class: 'A', name: '', version: '2.1', createAcl: 'ruleAdmin', destroyAcl: 'ruleAdmin' });
    expect([...(namespace?.properties.keys() ?? [])]).toEqual(['name', 'list']);
    expect(namespace?.properties.get('list')).toMatchObject({ default: '&en&&<A&nosuch;', array: true, optional: false });
    expect(namespace?.properties.get('list')?.type.errorMessage).toBe('[[base-x.y]]');
    expect([...(namespace?.indexes ?? [])]).toEqual(['name', 'list']);
    expect(schema.classes.get('Empty')?.namespaces.get('')?.version).toBe('7');
    expect(said).toEqual(['warning 14: optional is there twice; the last one counts']);
  });

  test('line breaks and the other quote may stand in a value, a "<" with a warning', () => {
    const { schema, said } = load(
      `<class name="A" createacl="ruleAdmin\n or ruleSelf"><property name="p" type='x' default='say "<b>"'/></class>`,
    );
    const namespace = schema.classes.get('A')?.namespaces.get('');
    expect(namespace?.createAcl).toBe('ruleAdmin\n or ruleSelf');
    expect(namespace?.properties.get('p')?.default).toBe('say "<b>"');
    expect(said).toContain('warning 2: the value of default has a "<"; it should be &lt;');
  });

  test('elements and attributes that nobody knows are ignored with a warning', () => {
    const { said } = load('<menu a="b"/>\n<class name="A" colour="red">\n<label>x</label></class>');
    expect(said).toEqual([
      'warning 1: <menu> is no element of a schema',
      'warning 2: <class> has no attribute colour',
      'warning 3: <label> is no element of a schema',
    ]);
  });

  test.each([
    ['&lt;&gt;&amp;&apos;&quot;', `<>&'"`],
    ['&nbsp;', '\u00a0'],
    ['&#955;&#x3bb;&#X3BB;', 'λλλ'],
    ['&#0;&#55296;&#x110000;&#9999999;&;&en&', '&#0;&#55296;&#x110000;&#9999999;&;&en&'],
    ['&constructor;&__proto__;', '&constructor;&__proto__;'],
  ])('the entities %s', (written, value) => {
    expect(propertyOf(`type="scalar" default='${written}'`).default).toBe(value);
  });
});

describe('cce 17.68: truth', () => {
  test.each(['no', 'false', 'off', 'No', '0', '', ' '])('array="%s" is false', (word) => {
    expect(propertyOf(`type="scalar" array="${word}"`).array).toBe(false);
  });

  test.each(['1', 'yes', 'true', 'n', '2'])('array="%s" is true', (word) => {
    expect(propertyOf(`type="scalar" array="${word}" optional="${word}"`)).toMatchObject({ array: true, optional: true });
  });

  test('only words that the original takes differently are findings', () => {
    const text = '<class name="A">\n<property name="p" type="scalar" array="no" optional="0"/></class><typedef name="scalar" type="re"/>';
    expect(load(text).said).toEqual(['warning 2: array="no" is taken as 0; the original takes it as 1']);
  });

  test('without strict words it is as in the original', () => {
    expect(propertyOf('type="scalar" array="no" optional="0"', { schemaStrictBool: false })).toMatchObject({
      array: true,
      optional: false,
    });
  });
});

test('cce 17.69: a class with an unknown type stays, the type accepts anything and is an error', () => {
  const { schema, said } = load('<class name="A">\n<property name="p" type="nosuch"/></class>');
  const type = schema.classes.get('A')?.namespaces.get('')?.properties.get('p')?.type;
  expect(type).toMatchObject({ name: 'nosuch', kind: 'unknown' });
  expect(type?.accepts('anything')).toBe(true);
  expect(said).toEqual(['error 2: property p of class A: type nosuch is not defined; any value is accepted']);
});

test('cce 17.69: a type whose data cannot be used accepts nothing and is an error where it stands', () => {
  const { schema, said } = load(
    '<typedef name="t" type="re" data="[a"/>\n<typedef name="u" type="what"/>\n<class name="A"><property name="p" type="t"/></class>',
  );
  expect(schema.classes.get('A')?.namespaces.get('')?.properties.get('p')?.type.accepts('a')).toBe(false);
  expect(said).toEqual([
    'error 1: type t: bad regular expression: unmatched [',
    'error 2: type u: type="what" is none of re, extern, enum',
    'error 3: property p of class A: type t cannot be used; no value is accepted',
  ]);
});

describe('cce 17.72: a class declared twice', () => {
  const first = `<class name="A" version="1" createacl="x" destroyacl="ruleAll"><property name="p" type="scalar" default="1"/><property name="q" type="scalar"/></class>`;
  const second = `<class name="A" version="2" createacl="ruleUser"><property name="p" type="scalar" default="2"/><property name="r" type="scalar"/></class>`;

  test('is merged, the later one counts', () => {
    const files = [first, second, '<typedef name="scalar" type="re" data=""/>'].map((text, at) => ({ file: `${at}.schema`, text }));
    const { schema, findings } = loadSchema(files);
    const namespace = schema.classes.get('A')?.namespaces.get('');
    expect(namespace).toMatchObject({ version: '2', createAcl: 'ruleUser', destroyAcl: 'ruleAll' });
    expect([...(namespace?.properties ?? [])].map(([name, property]) => [name, property.default])).toEqual([
      ['p', '2'],
      ['q', ''],
      ['r', ''],
    ]);
    expect(findings.map(({ severity, file, text }) => [severity, file, text])).toEqual([
      ['warning', '1.schema', 'class A is declared at 0.schema:1 already; the two are merged'],
      ['warning', '1.schema', 'property p of class A is declared again; the last one counts'],
    ]);
  });

  test('so are types and rules declared twice', () => {
    const { schema, said } = load(
      '<typedef name="t" type="enum" data="a"/><typedef name="t" type="enum" data="b"/><rule name="r" type="acl" data="ruleAll"/><rule name="r" type="acl" data="ruleUser"/>',
    );
    expect(schema.typedefs?.get('t')?.accepts('b')).toBe(true);
    expect(schema.rules.get('r')?.data).toBe('ruleUser');
    expect(said).toHaveLength(2);
  });
});

describe('cce 17.73: what is broken', () => {
  test.each([
    ['<class name="B><property name="p" type="scalar"/></class>'],
    ['<class name="B"'],
    ['<class name=B version=1>'],
    ['<class name="B'],
    ['<class version="1"><property name="p"/></class>'],
    ['</class></class><property name="x" type="scalar"/>'],
    ['<class name="a b"/>'],
    ['<rule name="x" type="magic"/>'],
    ['<!-- no end <class name="B"/>'],
    ['\0\udc80<\ud800'],
  ])('%s stops neither another file nor the class behind it', (broken) => {
    const files = [broken, '<class name="C"/>'].map((text, at) => ({ file: `${at}.schema`, text }));
    const { schema, findings } = loadSchema(files);
    expect(schema.classes.has('C')).toBe(true);
    expect(schema.classes.has('B')).toBe(false);
    expect(findings.every(({ file }) => file === '0.schema')).toBe(true);
  });

  test('reading goes on at the next element of the top, with the line of the error', () => {
    const { schema, said } = load(
      `<class name="A">\n<property name="p" type="scalar"/>\n<property name="q type="scalar"/>\n<property name="r"/>\n</class>\n<class name="D"/>\n<typedef name="scalar" type="re"/>`,
    );
    expect([...schema.classes.keys()]).toEqual(['A', 'D']);
    expect([...(schema.classes.get('A')?.namespaces.get('')?.properties.keys() ?? [])]).toEqual(['p']);
    expect(said).toEqual(['error 3: <property>: the tag does not end']);
  });

  test('a file that is none has few findings and ends', () => {
    const { findings } = loadSchema([
      { file: 'x', text: '<class a="'.repeat(20_000) },
      { file: 'y', text: `<class ${'a="1" '.repeat(20_000)}>`.repeat(3) },
      { file: 'z', text: '<'.repeat(200_000) },
      { file: 'big', text: ' '.repeat(4 * 1024 * 1024 + 1) },
    ]);
    expect(findings.length).toBeLessThan(500);
    expect(findings.at(-1)).toMatchObject({ severity: 'error', file: 'big', line: 1 });
  });
});

test('a class with named namespaces only gets a default one, which comes first and restricts nothing', () => {
  const { schema } = load('<class name="A" namespace="Disk" createacl="ruleUser"/><class name="A" namespace="B"/>');
  const namespaces = schema.classes.get('A')?.namespaces;
  expect([...(namespaces?.keys() ?? [])]).toEqual(['', 'Disk', 'B']);
  expect(namespaces?.get('')).toMatchObject({ createAcl: 'ruleAll', destroyAcl: 'ruleAll', version: '' });
});

test('a default namespace that comes later still stands first', () => {
  const { schema } = load('<class name="A" namespace="Disk"/><class name="A" version="1"/>');
  expect([...(schema.classes.get('A')?.namespaces.keys() ?? [])]).toEqual(['', 'Disk']);
});

test('cce 3.2: name, site, fqdn and domain have an index anyway, others when the class says so', () => {
  const properties = ['name', 'site', 'fqdn', 'domain', 'x', 'y'].map((name) => `<property name="${name}" type="scalar"/>`).join('');
  const text = `<class name="A">${properties}<index property="x" unique="1"/><index property="nosuch"/><index/></class>`;
  const namespace = namespaceOf(text);
  expect([...namespace.indexes]).toEqual(['name', 'site', 'fqdn', 'domain', 'x']);
  expect([...namespace.uniqueIndexes]).toEqual(['x']);
  expect(load(text).said).toContain('warning 1: index of nosuch, which is no property of class A');
});

test('cce 16: a class may say who reads and writes its properties, and a property that it is not saved', () => {
  const properties = namespaceOf(
    '<class name="A" defaultreadacl="ruleAll" defaultwriteacl="ruleSelf"><property name="p" type="x" nosave="1"/><property name="q" type="x" readacl="" writeacl="ruleAdmin"/></class>',
  ).properties;
  expect(properties.get('p')).toMatchObject({ readAcl: 'ruleAll', writeAcl: 'ruleSelf', nosave: true });
  expect(properties.get('q')).toMatchObject({ readAcl: '', writeAcl: 'ruleAdmin' });
  expect(properties.get('q')).not.toHaveProperty('nosave');
});

test('a property that every object has anyway cannot be declared', () => {
  const { schema, said } = load('<class name="A"><property name="OID" type="x"/></class>');
  expect(schema.classes.get('A')?.namespaces.get('')?.properties.size).toBe(0);
  expect(said).toEqual(['error 1: OID is a property that every object has anyway']);
});

test('names of every JS object are names like others', () => {
  const { schema } = load(
    '<class name="constructor"><property name="__proto__" type="toString"/></class><typedef name="toString" type="enum" data="a"/>',
  );
  expect(schema.classes.get('constructor')?.namespaces.get('')?.properties.get('__proto__')?.type.accepts('a')).toBe(true);
});
