import { describe, expect, test } from 'vitest';
import { compileEre, type EreOptions } from './index.ts';

const TYPEDEF: EreOptions = { newline: false };
const FIND: EreOptions = { newline: true, limit: 1024 };

function matches(pattern: string, text: string, options = TYPEDEF): boolean {
  const ere = compileEre(pattern, options);
  if (!ere.ok) throw new Error(`${pattern}: ${ere.reason}`);
  return ere.test(text);
}

describe('cce 2.4: the dialect of typedefs', () => {
  test.each([
    ['^(a||b)$', ['', 'a', 'b'], ['c', 'ab']],
    ['^a{2,2}$', ['aa'], ['a', 'aaa']],
    ['^a{,2}$', ['', 'a', 'aa'], ['aaa']],
    ['^(ab){2,}$', ['abab', 'ababab'], ['ab']],
    ['^a{1,2}*b$', ['b', 'aaaaab'], ['ac']],
    ['^(a|)+$', ['', 'aa'], ['b']],
    ['^a**b+?$', ['', 'aab', 'b'], ['a b']],
    ['^[(\\.)|(\\,)]$', ['(', '\\', '.', ')', '|', ','], ['a', '']],
    ['^[-]$', ['-'], ['']],
    ['^[a-]$', ['-', 'a'], ['b']],
    ['^[]x]$', [']', 'x'], ['[']],
    ['^[^]x]$', ['[', '\n'], [']', 'x']],
    ['^[[:alpha:][:digit:]_]+$', ['aZ9_'], ['-', '']],
    ['^[[.-.]a[=b=]]$', ['-', 'a', 'b'], ['=', '.']],
    ['^[%--]$', ['%', '&', '-'], ['.']],
    ['^[$.*^]$', ['$', '.', '*', '^'], ['\\']],
    ['^.$', ['\n', 'é', '\u{1f600}', '\udc80'], ['', 'ab']],
    ['a$b', [], ['a\nb', 'ab', 'a$b']],
    ['x^', [], ['x', 'x^']],
    ['(^a|b$)', ['ac', 'cb'], ['ca', 'c']],
    ['a\\.b', ['a.b'], ['axb']],
    ['^\\@\\d$', ['@d'], ['@1']],
    ['^a)$', ['a)'], ['a']],
    ['', ['', 'x'], []],
    ['^\u00e9$', ['é'], ['e']],
  ])('%s', (pattern, good, bad) => {
    for (const text of good) expect(matches(pattern, text), JSON.stringify(text)).toBe(true);
    for (const text of bad) expect(matches(pattern, text), JSON.stringify(text)).toBe(false);
  });

  test('search is unanchored, so a pattern without ends accepts supersets', () => {
    expect(matches('[0-9]', 'abc1def')).toBe(true);
  });
});

test('lists of up to 999 elements, as real schemas have them, can be matched', () => {
  const byte = '(([0-9])|([1-9][0-9])|(1[0-9][0-9])|2[0-4][0-9]|25[0-5])';
  const list = `^(((${byte}\\.${byte}|([a-z0-9-]+\\.)+[a-z]+)([,]|[\r\n]){0,1}){0,999})$`;
  expect(matches(list, '10.0,a-b.example\n255.255')).toBe(true);
  expect(matches(list, '10.0,,1.1')).toBe(false);
});

test('bytes in a pattern are matched byte by byte, also inside of characters', () => {
  expect(matches('^[\udc80-\udcff]{2}$', 'é')).toBe(true);
  expect(matches('^[^\udc80-\udcff]*$', 'plain')).toBe(true);
  expect(matches('^[^\udc80-\udcff]*$', 'é')).toBe(false);
  expect(matches('^[\udc80-\udcff]$', '\udcfe')).toBe(true);
});

test('a text with half of a pair in it is matched character by character', () => {
  for (const text of ['\ud800', '\udfff\ud800', 'a\udc80', '\u{1f600}']) {
    expect(matches('^.+$', text)).toBe(true);
    expect(matches('^[^a]*$', text)).toBe(!text.includes('a'));
    expect(matches('^[a-z]*$', text)).toBe(false);
  }
});

describe('cce 1.7: the dialect of FIND', () => {
  test.each([
    ['^b$', ['a\nb\nc', 'b'], ['ab']],
    ['a.c', ['abc'], ['a\nc']],
    ['a[^b]c', ['axc'], ['a\nc', 'abc']],
    ['a[^b]?$', ['a\nx'], ['ab c']],
    ['^\\d{3}-\\w+\\s\\w$', ['123-ab_ c'], ['12-ab c']],
    ['\\bfoo\\b', ['a foo.'], ['afoo']],
    ['^(?:a|b)+$', ['abba'], ['abc']],
    ['^[\\w.-]+@[\\d.]+$', ['a-b@1.2'], ['a b@1', 'a@x']],
    ['^[^\\s]+$', ['ab'], ['']],
    ['^[\\.]$', ['\\', '.'], ['x']],
    ['^t1\\.smd\\.net$', ['t1.smd.net'], ['t1xsmd.net']],
  ])('%s', (pattern, good, bad) => {
    for (const text of good) expect(matches(pattern, text, FIND), JSON.stringify(text)).toBe(true);
    for (const text of bad) expect(matches(pattern, text, FIND), JSON.stringify(text)).toBe(false);
  });
});

test('cce 17.48: what is no regular expression is refused with a reason', () => {
  const bad = [
    '[',
    '[a',
    '[]',
    '[^]',
    '[z-a]',
    '[[:nope:]]',
    '[[.ab.]]',
    '[[:alpha:]',
    '(',
    'a(b',
    '*',
    '+a',
    '(*)',
    'a|*',
    '^*',
    'a{',
    'a{x}',
  ];
  for (const pattern of [...bad, 'a{2,1}', 'a{}', '{2}', '\\', 'a\\', '(a)\\1', 'a{1001}', '(a{100}){11}', '(?<n>a)', '(?=a)', '(?i)a']) {
    const ere = compileEre(pattern, FIND);
    expect(ere, pattern).toMatchObject({ ok: false, reason: expect.stringMatching(/^[\w\s(){}[\]*+?,.:=]+$/) });
  }
});

test('a pattern of a caller has at most the bytes that are allowed, and states that can be afforded', () => {
  expect(compileEre('é'.repeat(512), FIND).ok).toBe(true);
  expect(compileEre('é'.repeat(513), FIND)).toEqual({ ok: false, reason: 'longer than 1024 bytes' });
  expect(compileEre('(a{0,99}b{0,99}c{0,99}){0,9}', FIND)).toEqual({ ok: false, reason: 'too large' });
  expect(compileEre(`${'('.repeat(450)}a${')'.repeat(450)}`, FIND)).toEqual({ ok: false, reason: 'nested too deeply' });
});

/** What hangs engines that go back. */
const HANGING: readonly [pattern: string, text: string][] = [
  ['(a+)+$', `${'a'.repeat(50_000)}!`],
  ['(a|aa)+$', `${'a'.repeat(50_000)}!`],
  ['(a|a)*b', 'a'.repeat(50_000)],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(50_000)],
  ['(.*)*x', 'y'.repeat(50_000)],
  ['^(a?){100}a{100}$', 'a'.repeat(100)],
  ['(x+x+)+y', 'x'.repeat(50_000)],
  ['([[:alnum:]_.-]+)+@', 'a.'.repeat(25_000)],
];

test.each(HANGING)('the pattern %s ends on a text that hangs others', (pattern, text) => {
  for (const options of [TYPEDEF, FIND]) expect(typeof matches(pattern, text, options)).toBe('boolean');
});

test('a caller cannot make a costly pattern meet a long text', () => {
  const costly = '(a|b)*a(a|b){400}[cd]';
  expect(matches(costly, `a${'b'.repeat(400)}c`, FIND)).toBe(true);
  expect(matches(costly, `a${'b'.repeat(400)}c`.padStart(1_000_000, 'ab'), FIND)).toBe(false);
});

test('more patterns than are kept still answer each for themselves', () => {
  for (let round = 0; round < 2; round += 1) {
    for (let index = 0; index < 100; index += 1) {
      expect(matches(`^p${index}$`, `p${index}`, FIND)).toBe(true);
      expect(matches(`^p${index}$`, `p${index + 1}`, FIND)).toBe(false);
    }
  }
});

test('the same pattern of a caller is compiled once, and once for each dialect', () => {
  expect(compileEre('^one$', FIND)).toBe(compileEre('^one$', FIND));
  expect(matches('^one$', 'x\none', FIND)).toBe(true);
  expect(matches('^one$', 'x\none', { newline: false, limit: 1024 })).toBe(false);
});
