import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { hashCrypt, hashMd5Crypt, isUsableCrypt, MAX_PASSWORD_BYTES, MAX_VERIFY_ROUNDS, NOBODY_CRYPT, verifyCrypt } from './crypt.ts';
import { createTurns } from './turns.ts';

/** The vectors of "Unix crypt using SHA-256 and SHA-512" that ask for at most 10 000 rounds, and our own of an empty and a non-ASCII password (crypt(3)). */
const VECTORS: readonly (readonly [string, string])[] = [
  ['Hello world!', '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1'],
  [
    'Hello world!',
    '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
  ],
  [
    'This is just a test',
    '$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0',
  ],
  [
    'a very much longer text to encrypt.  This one even stretches over morethan one line.',
    '$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1',
  ],
  [
    'the minimum number is still observed',
    '$6$rounds=10$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.',
  ],
  ['', '$6$abc$mJP3a6FyA8uCnzRtlnNypPwjnvpi5TP9qOrInzrfDmwxUQG38PkpCPdqfTb8JQfAngapMxeim4AZ..hSdRRzD.'],
  ['päss', '$6$abc$uc0WFie13feSZDvDqBuLkXxqM/m3bu3sEa0h9eYBby7ncSc3d8qdtEimWrpadC511FYk3vBoGvmDYB5D2JknK1'],
];

test.each(VECTORS)('the vector of %j is met, and no other password fits it', async (password, hash) => {
  expect(await verifyCrypt(hash, password)).toBe(true);
  expect(await verifyCrypt(hash, `${password} `)).toBe(false);
});

test('a salt that is too long is cut to 16 characters, as in the vectors', async () => {
  const [password, hash] = VECTORS[2] ?? ['', ''];

  expect(await verifyCrypt(hash.replace('toolongsaltstrin', 'toolongsaltstring'), password)).toBe(true);
});

test('a hash has the default rounds, a salt of its own each time, and fits its password', async () => {
  const [one, other] = await Promise.all([hashCrypt('secret'), hashCrypt('secret')]);

  expect(one).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
  expect(one).not.toBe(other);
  expect(await verifyCrypt(one, 'secret')).toBe(true);
  expect(await hashCrypt('Hello world!', { salt: 'saltstring' })).toBe(VECTORS[0]?.[1]);
});

test.each(['', '*', '!', 'x', '$1$salt$qJH7.N4xYta3aEG/dfqo/0', '$6$', '$6$salt', '$6$salt$', '$6$salt$short', '$6$rounds=x$salt$abc'])(
  'no password fits %j',
  async (hash) => {
    expect(await verifyCrypt(hash, '')).toBe(false);
    expect(await verifyCrypt(hash, 'x')).toBe(false);
    expect(isUsableCrypt(hash)).toBe(false);
  },
);

test('a hash that asks for too many rounds is refused before the work', async () => {
  const [, hash] = VECTORS[0] ?? ['', ''];
  const greedy = hash.replace('$6$', `$6$rounds=${MAX_VERIFY_ROUNDS + 1}$`);

  expect(await verifyCrypt(greedy, 'Hello world!')).toBe(false);
  expect(isUsableCrypt(greedy)).toBe(false);
  expect(isUsableCrypt(hash)).toBe(true);
});

test('a password beyond the limit never fits and is never hashed', async () => {
  const long = 'x'.repeat(MAX_PASSWORD_BYTES + 1);

  await expect(hashCrypt(long)).rejects.toThrow(RangeError);
  expect(await verifyCrypt(VECTORS[0]?.[1] ?? '', long)).toBe(false);
});

test('the hash of nobody is a hash like every other, and nothing fits it', async () => {
  expect(isUsableCrypt(NOBODY_CRYPT)).toBe(true);
  expect(await verifyCrypt(NOBODY_CRYPT, '')).toBe(false);
});

test('others have their turn while a password is hashed', async () => {
  let hashed = false;
  const work = hashCrypt('secret').then(() => {
    hashed = true;
  });
  let turns = 0;
  while (!hashed) {
    await nextTurn();
    turns += 1;
  }
  await work;

  expect(turns).toBeGreaterThan(10);
});

test('two passwords are worked on at once, the rest waits in order', async () => {
  const take = createTurns(2);
  const order: number[] = [];
  const ends = [await take(), await take()];
  const third = take().then((end) => {
    order.push(3);
    return end;
  });
  const fourth = take().then((end) => {
    order.push(4);
    return end;
  });
  await nextTurn();
  expect(order).toEqual([]);

  ends[0]?.();
  ends[0]?.();
  const fifth = take().then(() => order.push(5));
  const end = await third;
  await nextTurn();
  expect(order).toEqual([3]);

  end();
  (await fourth)();
  await fifth;
  expect(order).toEqual([3, 4, 5]);
});

test('who gives up leaves the queue, and the turn goes to the next', async () => {
  const take = createTurns(1);
  const end = await take();
  const gone = new AbortController();
  const impatient = take(gone.signal);
  const patient = take();
  gone.abort(new Error('gone'));
  await expect(impatient).rejects.toThrow('gone');
  end();

  await expect(patient).resolves.toBeTypeOf('function');
  await expect(take(AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});

test('the legacy form is that of crypt(3), for odd and even lengths', async () => {
  expect(await hashMd5Crypt('blueonyx', { salt: 'fairlead' })).toBe('$1$fairlead$1Gc2ICYhQegcJGy4yad190');
  expect(await hashMd5Crypt('a longer password of more than 16 bytes', { salt: 'x' })).toBe('$1$x$TWxZiqSrN.3SkEh41pPiw/');
  expect(await hashMd5Crypt('secret')).toMatch(/^\$1\$[./0-9A-Za-z]{8}\$[./0-9A-Za-z]{22}$/);
});

test('a byte that is no UTF-8 is itself, not the sign for a bad one', async () => {
  const hash = await hashCrypt('p\udce4ssword');

  expect(await verifyCrypt(hash, 'p\udce4ssword')).toBe(true);
  expect(await verifyCrypt(hash, 'p\ufffdssword')).toBe(false);
  expect(await verifyCrypt(hash, 'p\udce5ssword')).toBe(false);
});

test('hashing stops when its signal ends', async () => {
  const stop = new AbortController();
  const work = hashCrypt('secret', { signal: stop.signal });
  stop.abort();

  await expect(work).rejects.toThrow();
});
