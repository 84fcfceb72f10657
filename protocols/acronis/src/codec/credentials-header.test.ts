import { describe, expect, test } from 'vitest';
import { formatCredentials, formatExtra, loginKey, parseCredentials, parseExtra } from './credentials-header.ts';

const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const problem = (header: string | undefined): string | undefined => {
  const read = parseCredentials(header);
  return read.ok ? undefined : read.problem;
};

test.each([
  ['root', 'secret', 'root'],
  ['Ada@Bakery.Example', 'p:a"s\\s: {"', 'ada@bakery.example'],
  ['Ａｄａ', 'ключ 🔑', 'ada'],
  [' spaced ', ' ', ' spaced '],
])('identity %j and password %j come out as they went in', (identity, password, key) => {
  const read = parseCredentials(formatCredentials(identity, { password, other: 'ignored' }));
  expect(read).toEqual({ ok: true, value: { identity, loginKey: key, password } });
});

test('both alphabets of base64 are read, with padding and without', () => {
  const plain = 'ro?>:{"password":"~~~???>>>"}';
  const standard = encoded(plain);
  expect(standard).toMatch(/[+/]/);
  const forms = [
    standard,
    standard.replace(/=+$/, ''),
    standard.replaceAll('+', '-').replaceAll('/', '_'),
    Buffer.from(plain).toString('base64url'),
  ];
  for (const form of forms) expect(parseCredentials(form)).toMatchObject({ ok: true, value: { identity: 'ro?>' } });
});

test('an identity with colons is split where an object begins, at the first such colon', () => {
  expect(parseCredentials(encoded('a:b:c:{"password":"x"}'))).toMatchObject({ value: { identity: 'a:b:c', password: 'x' } });
  expect(parseCredentials(encoded('a:{"password":"b:{\\"password\\":\\"no\\"}"}'))).toMatchObject({
    value: { identity: 'a', password: 'b:{"password":"no"}' },
  });
  expect(parseCredentials(encoded(`${'a:'.repeat(8)}{"password":"x"}`))).toMatchObject({ ok: true });
  expect(problem(encoded(`${'a:'.repeat(9)}{"password":"x"}`))).toBe('no_split');
});

test.each([
  [undefined, 'missing'],
  ['', 'missing'],
  ['%%%', 'not_base64'],
  ['cm9vdA==!', 'not_base64'],
  ['cm9v dA==', 'not_base64'],
  ['+_', 'not_base64'],
  ['A', 'not_base64'],
  [encoded('text without a colon'), 'no_split'],
  [encoded('root:pw'), 'no_split'],
  [encoded('root:[]'), 'no_split'],
  [encoded('root:"x"'), 'no_split'],
  [encoded('root:null'), 'no_split'],
  [encoded('root:{}'), 'password'],
  [encoded('root:{"password":5}'), 'password'],
  [encoded('root:{"password":""}'), 'password'],
  [encoded('root:{"password":null}'), 'password'],
  [encoded('root:{"__proto__":{"password":"x"}}'), 'password'],
  [encoded('root:{"password":"\\ud800"}'), 'password'],
  [encoded(':{"password":"x"}'), 'identity'],
  [encoded('root\n:{"password":"x"}'), 'not_text'],
  [encoded('root:{"password":"x\0"}'), 'not_text'],
  [Buffer.from('root:{"password":"\xff"}', 'latin1').toString('base64'), 'not_text'],
])('cyberapp 9.42: %j is refused', (header, expected) => {
  expect(problem(header)).toBe(expected);
});

describe('limits', () => {
  test('a header of 8 KiB, an identity of 255 and a password of 1024 characters are the most', () => {
    expect(problem('A'.repeat(8193))).toBe('too_long');
    expect(problem(formatCredentials('é'.repeat(255), { password: 'x' }))).toBeUndefined();
    expect(problem(formatCredentials('é'.repeat(256), { password: 'x' }))).toBe('identity');
    expect(problem(formatCredentials('a', { password: '🔑'.repeat(1024) }))).toBeUndefined();
    expect(problem(formatCredentials('a', { password: 'x'.repeat(1025) }))).toBe('password');
  });

  test('16 secrets beside the password are passed over, 17 are refused', () => {
    const others = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, 'x']));
    expect(problem(formatCredentials('a', { password: 'x', ...others(16) }))).toBeUndefined();
    expect(problem(formatCredentials('a', { password: 'x', ...others(17) }))).toBe('password');
  });
});

test('logins that look the same have one key', () => {
  expect(loginKey('ﬁle')).toBe('file');
  expect(loginKey('e\u0301')).toBe(loginKey('É'));
});

test('the extra header is a JSON object in base64, of depth 8 and 16 KiB at most', () => {
  expect(parseExtra('e30=')).toEqual({ ok: true, value: {} });
  expect(parseExtra(formatExtra({ region: 'nörd', deep: [{}] }))).toEqual({ ok: true, value: { region: 'nörd', deep: [{}] } });
  expect(parseExtra('%')).toEqual({ ok: false, problem: 'not_base64' });
  for (const text of ['', '[]', '"x"', '{"a":1,"a":2}', `{"a":${'['.repeat(8)}${']'.repeat(8)}}`]) {
    expect(parseExtra(encoded(text))).toEqual({ ok: false, problem: 'not_an_object' });
  }
  expect(parseExtra(encoded(`{"a":${'['.repeat(7)}${']'.repeat(7)}}`))).toMatchObject({ ok: true });
  expect(parseExtra('A'.repeat(16_385))).toEqual({ ok: false, problem: 'too_long' });
});
