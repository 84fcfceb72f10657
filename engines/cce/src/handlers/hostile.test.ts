import { fuzz, hostileText, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBindings } from './bindings.ts';
import { STAGES } from './handler.ts';

const SAMPLE = `User._CREATE perl:base/user/handle_user.pl\nUser.* perl:base/user/notify.pl CLEANUP\n# a comment
System.Snmp.enabled exec:base/snmp/snmp.sh EXECUTE\nAlpha._CREATE exec:catto_handler CLEANUP.rollback\n`;
const WORDS = ['exec:', 'native:', '.rollback', '._CREATE', '.*', '#', '\r\n', '..', ':'];

test('of any file of bindings each line is a binding, a finding, or nothing', async () => {
  await fuzz(
    'engine-cce.bindings',
    fc.oneof(mutatedText([SAMPLE], WORDS), hostileText({ words: WORDS })),
    (text) => {
      const { bindings, findings } = parseBindings([{ file: 'a', text }]);
      const lines = text.split('\n').filter((line) => line.replace(/#.*$/, '').trim() !== '').length;
      expect(bindings.length + findings.length).toBeLessThanOrEqual(lines);
      for (const binding of bindings) {
        expect(binding.class).toMatch(/^[A-Za-z0-9_+]+$/);
        expect(STAGES).toContain(binding.stage);
        expect(binding.handler.path).not.toBe('');
      }
      return bindings.length > 0;
    },
    { someAccepted: true },
  );
});
