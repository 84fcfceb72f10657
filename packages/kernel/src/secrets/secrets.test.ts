import { fuzz, mutatedText, refusedWith } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalSecret, hashPassword, isPasswordHash, isWeakerHash, Secrets, verifyPassword } from './index.ts';

const first = 'first-server-secret-of-32-bytes-or-more';
const second = 'second-server-secret-of-32-bytes-or-more';
const unreadable = expect.objectContaining({ code: 'FAIRLEAD_SECRET_UNREADABLE' });

test('ovirt 12.27: a digest depends on secret, purpose and text, and on nothing else', () => {
  const secrets = new Secrets(first);
  const digest = secrets.digest('session', 'token');

  expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(new Secrets(first).digest('session', 'token')).toBe(digest);
  expect(secrets.digest('ticket', 'token')).not.toBe(digest);
  expect(secrets.digest('session', 'tokem')).not.toBe(digest);
  expect(new Secrets(second).digest('session', 'token')).not.toBe(digest);
});

test('what is sealed is read back, whatever it is, and never looks the same twice', async () => {
  const secrets = new Secrets(first);
  await fuzz('kernel.sealed', fc.string({ unit: 'grapheme' }), (text) => {
    const sealed = secrets.seal('keys', text);
    expect(secrets.open('keys', sealed)).toBe(text);
    expect(secrets.seal('keys', text)).not.toBe(sealed);
  });
});

test('after a change of the secret the former still reads, the new one writes', () => {
  const sealed = new Secrets(first).seal('keys', 'hush');
  const changed = new Secrets(second, [first]);

  expect(changed.open('keys', sealed)).toBe('hush');
  expect(changed.seal('keys', 'hush')).toContain(`.${new Secrets(second).keyId}.`);
  expect(changed.digests('session', 't')).toEqual([new Secrets(second).digest('session', 't'), new Secrets(first).digest('session', 't')]);
  expect(() => new Secrets(second).open('keys', sealed)).toThrow(unreadable);
});

test('another purpose, every changed character and every cut are refused', () => {
  const secrets = new Secrets(first);
  const sealed = secrets.seal('keys', 'hush');

  expect(() => secrets.open('other', sealed)).toThrow(unreadable);
  for (let at = 0; at < sealed.length - 1; at++) {
    const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
    expect(() => secrets.open('keys', changed)).toThrow(unreadable);
    expect(() => secrets.open('keys', sealed.slice(0, at))).toThrow(unreadable);
  }
});

test('no garbage is opened, and no error tells the secret', async () => {
  const secrets = new Secrets(first);
  await fuzz('kernel.sealed-garbage', fc.string(), (garbage) => {
    expect(() => secrets.open('keys', garbage)).toThrow(unreadable);
  });
  expect(JSON.stringify(secrets)).not.toContain(first);
});

test('no change of a sealed text opens to another text', async () => {
  const secrets = new Secrets(first);
  const sealed = ['hush', '', 'x'.repeat(100)].map((text) => secrets.seal('keys', text));
  await fuzz(
    'kernel.sealed-mutated',
    mutatedText(sealed),
    (changed) => {
      const opened = refusedWith(/^FAIRLEAD_SECRET_UNREADABLE$/, () => secrets.open('keys', changed));
      if (opened !== undefined) expect(['hush', '', 'x'.repeat(100)]).toContain(opened);
    },
    { share: 2 },
  );
});

test('a short server secret is refused', () => {
  expect(() => new Secrets('x'.repeat(31))).toThrow(RangeError);
  expect(() => new Secrets(first, ['short'])).toThrow(RangeError);
});

test('auth.timing: secrets are compared whatever their length', () => {
  expect(equalSecret('a', 'a')).toBe(true);
  expect(equalSecret('a', 'b')).toBe(false);
  expect(equalSecret('a', 'aa')).toBe(false);
  expect(equalSecret('', '')).toBe(true);
});

test('a password is verified against its hash only, and every hash has its own salt', async () => {
  const hash = await hashPassword('pässword');

  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await hashPassword('pässword')).not.toBe(hash);
  expect(await verifyPassword('pässword', hash)).toBe(true);
  expect(await verifyPassword('passwort', hash)).toBe(false);
});

test('a hash made elsewhere is understood', async () => {
  // _source: argon2 reference implementation, `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32 -e`
  const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';

  expect(await verifyPassword('password', phc)).toBe(true);
});

test.each([
  '',
  'plain',
  '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$v=19$m=4,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
])('%s verifies nothing', async (phc) => {
  expect(await verifyPassword('password', phc)).toBe(false);
});

test('a hash of argon2i is understood, and is weaker than any of ours', async () => {
  // _source: argon2 reference implementation, `echo -n password | argon2 somesalt -i -t 2 -m 16 -p 1 -l 32 -e`
  const phc = '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA';

  expect(await verifyPassword('password', phc)).toBe(true);
  expect(isWeakerHash(phc, { memory: 65_536, passes: 2, parallelism: 1 })).toBe(true);
});

test('a hash of a given cost says so, and is refused where less is allowed', async () => {
  const cost = { memory: 256, passes: 3, parallelism: 2 };
  const hash = await hashPassword('x', cost);

  expect(hash).toContain('$m=256,t=3,p=2$');
  expect(isWeakerHash(hash, cost)).toBe(false);
  expect(isWeakerHash(hash, { ...cost, passes: 4 })).toBe(true);
  expect(await verifyPassword('x', hash, cost)).toBe(true);
  expect(await verifyPassword('x', hash, { ...cost, memory: 255 })).toBe(false);
  expect(isPasswordHash(hash, { ...cost, memory: 255 })).toBe(false);
  expect(isPasswordHash('plain')).toBe(false);
});
