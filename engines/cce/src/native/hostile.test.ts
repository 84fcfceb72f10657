import { fuzz, hostileText, mutatedText } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOf } from './messages.ts';
import { tag } from './tag.ts';

const samples = [
  "[[base-vsite.fqdnInUse,fqdn='www.example.com']]",
  '[[base-cce.invalidData]]',
  "[[base-vsite.overUserLimit,site='a',max='1']]",
];
const messages = fc.oneof(mutatedText(samples, ['[[', ']]', "'", ',', '{fqdn}', '=']), hostileText({ words: samples, maxLength: 200 }));

test('any message is one that has a text, or has none', async () => {
  await fuzz('cce.messages', messages, (message) => {
    const text = textOf(message);
    if (text !== undefined) expect(text).toMatch(/^[A-Z].*\.$/s);
    expect(textOf(tag('base-user.cannotDestroyUser', { name: message }))).toMatch(/^The user .*cannot be removed\.$/s);
  });
});
