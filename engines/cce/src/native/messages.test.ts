import { expect, test } from 'vitest';
import { shippedFiles } from '../../test/support/shipped-engine.ts';
import { textOf } from './messages.ts';
import { tag } from './tag.ts';

test('a tag has its text with its values', () => {
  expect(textOf(tag('base-vsite.fqdnInUse', { fqdn: 'www.example.com' }))).toBe('Another site already has the name www.example.com.');
  expect(textOf('[[base-cce.invalidData]]')).toBe('The value is not valid.');
  expect(textOf('[[base-vsite.fqdnInUse]]')).toBe('Another site already has the name ?.');
});

test.each(['', 'plain', '[[base-other.unknown]]', '[[base-cce.invalidData', '[[toString]]', "[[base-cce.invalidData,x=']]"])(
  '%j has no text',
  (message) => {
    expect(textOf(message)).toBeUndefined();
  },
);

test('a value cannot end its tag', () => {
  expect(tag('base-user.cannotDestroyUser', { name: "a']],x='b" })).toBe("[[base-user.cannotDestroyUser,name='a,x=b']]");
});

test('every message of a shipped type has a text', async () => {
  const files = await shippedFiles('.schema');
  const messages = files.flatMap(({ text }) => Array.from(text.matchAll(/errmsg="([^"]*)"/g), ([, message = '']) => message));

  expect(messages.length).toBeGreaterThan(0);
  for (const message of messages) expect(textOf(message)).toBeDefined();
});
