import { fuzz, hostileText } from '@fairlead/testkit/fuzz';
import { expect, test } from 'vitest';
import { anyName, cleanText, outsideText } from './text.ts';

test('text is one printable line, cut, and nothing is undefined', () => {
  expect(cleanText(' a\r\n\u0000b\u202ec ')).toBe('a b c');
  expect([cleanText(undefined), cleanText(''), cleanText('\u0000\n ')]).toEqual([undefined, undefined, undefined]);
  expect(cleanText('abcdef', 3)).toBe('abc');
});

test.each([
  ['The agent kvm1 cannot be reached: connect ECONNREFUSED 10.1.2.3:54322', 'The agent […] cannot be reached: connect ECONNREFUSED […]'],
  [
    'The image /mnt/primary0/6f3a cannot be opened as qcow2: Permission denied',
    'The image […] cannot be opened as qcow2: Permission denied',
  ],
  ['KVM1 and primary0, not kvm12', '[…] and […], not kvm12'],
  ['None of the hosts that see the image (kvm2, fd00:1::2) has an agent.', 'None of the hosts that see the image ([…], […]) has an agent.'],
  ['https://kvm1:54322/images/ticket ended', '[…] ended'],
  ['No backup 0b9b4d2e-6f37-4a5c-9d8e-3b0f2a1c4d5e', 'No backup […]'],
  ['the client has been silent for longer than the lease of a backup', 'the client has been silent for longer than the lease of a backup'],
])('customers read %j as %j', (text, told) => {
  expect(outsideText(text, anyName(['kvm1', 'kvm2.example.org', 'primary0', undefined, '']))).toBe(told);
});

test('there is nothing to find without names', () => {
  expect(anyName([undefined, ' ', '10'])).toBeUndefined();
  expect(outsideText('10 of 12', anyName(['10']))).toBe('10 of 12');
});

test('no text of a foreign system keeps a control character or a name', async () => {
  const words = ['kvm1', 'KVM1.example.org', '/mnt/x', '10.0.0.1', '::1', '\u0000', '\n', ' ', '(', '.*'];
  const names = anyName(['kvm1.example.org', 'pool (a).*']);
  await fuzz('ovirt.outside-text', hostileText({ words }), (text) => {
    const told = outsideText(text, names) ?? '';
    expect(told.length).toBeLessThanOrEqual(500);
    expect(told.isWellFormed()).toBe(true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    expect(told).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]|(?<![\p{L}\p{N}_])kvm1(?![\p{L}\p{N}_])/iu);
  });
});
