import { expect, test } from 'vitest';
import { parseBindings } from './bindings.ts';

function parse(text: string) {
  return parseBindings([{ file: 'a.conf', text }]);
}

test('a line names an event, a handler, and perhaps a stage with its flag', () => {
  const { bindings, findings } = parse(`
# handlers of users
User._CREATE              perl:base/user/handle_user.pl
User.*                    perl:base/user/notify.pl        cleanup   # last
System.Snmp.enabled\texec:base/snmp/snmp.sh\tEXECUTE\r
Alpha._CREATE             exec:catto_handler              CLEANUP.rollback
Vsite.Disk.*              native:disk-usage               Validate
Beta.name                 moon:x:y                        TEST
`);

  expect(findings).toEqual([]);
  expect(
    bindings.map(({ class: className, namespace, event, handler, stage, rollback }) =>
      [className, namespace, event, handler.type, handler.path, stage, rollback].join(' '),
    ),
  ).toEqual([
    'User  _CREATE perl base/user/handle_user.pl EXECUTE false',
    'User  * perl base/user/notify.pl CLEANUP false',
    'System Snmp enabled exec base/snmp/snmp.sh EXECUTE false',
    'Alpha  _CREATE exec catto_handler CLEANUP true',
    'Vsite Disk * native disk-usage VALIDATE false',
    'Beta  name test x:y TEST false',
  ]);
});

test.each([
  'Alpha',
  'Alpha exec:x',
  'Alpha._CREATE',
  'Alpha._CREATE exec:',
  'Alpha._CREATE :x',
  'Alpha._CREATE exec:x LATER',
  'Alpha._CREATE exec:x EXECUTE.now',
  'Alpha._CREATE exec:x EXECUTE more',
  'Alpha.Extra._CREATE exec:x',
  'Alpha.a.b.c exec:x',
])('a line that says nothing usable is named and left out: %s', (line) => {
  const { bindings, findings } = parse(`Beta.name exec:good\n${line}`);

  expect(bindings).toHaveLength(1);
  expect(findings).toMatchObject([{ severity: 'error', file: 'a.conf', line: 2 }]);
});

test('a program has one stage, in all files; another program of the same path may have its own', () => {
  const { bindings, findings } = parseBindings([
    { file: 'a.conf', text: 'Alpha.name exec:x VALIDATE\nAlpha.note perl:x EXECUTE' },
    { file: 'b.conf', text: 'Alpha.list exec:x VALIDATE\nAlpha.open exec:x' },
  ]);

  expect(bindings).toHaveLength(3);
  expect(findings).toMatchObject([{ file: 'b.conf', line: 2, text: 'exec:x has the stage VALIDATE already' }]);
});
