import { describe, expect, test } from 'vitest';
import { exclusively } from './mutex.ts';

describe('mutex', () => {
  test('runs work of one key one after the other, in order', async () => {
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
    };

    await Promise.all([exclusively('k', undefined, work('a')), exclusively('k', undefined, work('b'))]);

    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  test('lets other keys run meanwhile', async () => {
    const gate = Promise.withResolvers<void>();
    const held = exclusively('one', undefined, () => gate.promise);

    await expect(exclusively('two', undefined, async () => 2)).resolves.toBe(2);

    gate.resolve();
    await held;
  });

  test('goes on after work that failed', async () => {
    const failing = exclusively('k', undefined, () => Promise.reject(new Error('no')));

    await expect(failing).rejects.toThrow('no');
    await expect(exclusively('k', undefined, async () => 1)).resolves.toBe(1);
  });

  test('who stops waiting lets nobody behind him in too early', async () => {
    const gate = Promise.withResolvers<void>();
    const abort = new AbortController();
    let ran = false;
    const first = exclusively('k', undefined, () => gate.promise);
    const second = exclusively('k', abort.signal, async () => {});
    const third = exclusively('k', undefined, async () => {
      ran = true;
    });

    abort.abort();
    await expect(second).rejects.toMatchObject({ code: 'NBD_ABORTED' });
    const early = ran;
    gate.resolve();
    await Promise.all([first, third]);

    expect([early, ran]).toEqual([false, true]);
  });

  test('does not wait at all if aborted before', async () => {
    await expect(exclusively('k', AbortSignal.abort(), async () => 1)).rejects.toMatchObject({ code: 'NBD_ABORTED' });
  });
});
