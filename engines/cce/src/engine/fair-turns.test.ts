import { expect, test } from 'vitest';
import { FairTurns } from './fair-turns.ts';

function setUp() {
  const turns = new FairTurns(1);
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const busy = turns.take('x', undefined, () => first.promise);
  const take = (what: string, signal?: AbortSignal) =>
    turns.take(what, signal, async () => {
      order.push(what);
    });
  return { turns, order, take, begin: first.resolve, busy };
}

test('who waits is served in turn by what it is for', async () => {
  const { order, take, begin, busy } = setUp();
  const all = ['a', 'a', 'a', 'b', 'c', 'b'].map((what) => take(what));
  begin();
  await Promise.all([busy, ...all]);

  expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
});

test('who gives up, or fails, leaves the turn to the next', async () => {
  const { turns, order, take, begin, busy } = setUp();
  const gone = new AbortController();
  const impatient = take('a', gone.signal);
  const failing = turns.take('a', undefined, () => Promise.reject(new Error('wrong')));
  const patient = take('b');
  gone.abort(new Error('gone'));
  await expect(impatient).rejects.toThrow('gone');
  begin();
  await expect(failing).rejects.toThrow('wrong');
  await Promise.all([busy, patient]);
  await take('c', new AbortController().signal);

  expect(order).toEqual(['b', 'c']);
  await expect(take('d', AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
});
