import { fuzz, hostileText, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAccess } from '../access/index.ts';
import { loadSchema, validateValue } from './index.ts';

const SAMPLE = `<!-- c --><SCHEMA name='s'>
<class name="A" namespace="N" version="1" createacl="(ruleAdmin, NOT r(a,.b)) and ruleAll">
<property name="p" type="t" array="1" default="&a&" readacl="r"/><index property="p" unique="1"/></class></SCHEMA>
<typedef name="t" type="re" data='^[\\001-\\040\\.]{1,3}$' errmsg="&quot;"/><rule name="r" type="acl" data="r or ruleSelf"/>`;
const WORDS = ['<class name="', '</class>', '<!', '-->', '/>', '&#', '="', "='", '<property', 'NOT ', '!(', ','];

test('any file gives a schema that can be used, and any value is right or has a message', async () => {
  const inputs = fc.tuple(
    fc.oneof(mutatedText([SAMPLE], WORDS), hostileText({ maxLength: 120, words: WORDS })),
    hostileText({ maxLength: 20 }),
  );
  await fuzz(
    'engine-cce.schema',
    inputs,
    async ([text, value]) => {
      const { schema, findings } = loadSchema([{ file: 'a', text }]);
      expect(findings.every(({ line }) => line >= 1)).toBe(true);
      const access = createAccess(schema);
      const nobody = { oid: 5, sysadmin: false, property: async () => '' };
      const target = { oid: 6, class: 'A', property: async () => '' };
      for (const type of schema.classes.values()) {
        expect([...type.namespaces.keys()][0]).toBe('');
        expect(typeof (await access.mayCreate(nobody, target, type))).toBe('boolean');
        for (const namespace of type.namespaces.values()) {
          for (const property of namespace.properties.values())
            expect(['string', 'undefined']).toContain(typeof validateValue(property, value));
        }
      }
      return schema.classes.size > 0;
    },
    { someAccepted: true },
  );
});
