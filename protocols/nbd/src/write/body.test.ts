import { describe, expect, test } from 'vitest';
import { Body } from './body.ts';

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function taken(body: Body, bytes: number): Promise<string> {
  return Buffer.concat(await body.take(bytes)).toString();
}

/** A source that never yields, and knows whether it was told to end. */
function silent(): AsyncIterable<Uint8Array> & { returned: boolean } {
  return {
    returned: false,
    [Symbol.asyncIterator]() {
      return {
        next: () => new Promise(() => {}),
        return: () => {
          this.returned = true;
          return Promise.reject(new Error('nobody listens to this'));
        },
      };
    },
  };
}

describe('body', () => {
  test('gives the bytes asked for, across chunks', async () => {
    const body = new Body(chunks('ab', '', 'cdef', 'g'));

    expect(await taken(body, 3)).toBe('abc');
    expect(body.excess).toBe(3);
    expect(await taken(body, 10)).toBe('defg');
    expect(await taken(body, 10)).toBe('');
  });

  test('throws what the source throws', async () => {
    const body = new Body(
      (async function* () {
        yield Buffer.from('a');
        throw new Error('cut');
      })(),
    );

    await expect(body.take(2)).rejects.toThrow('cut');
  });

  test('stops waiting for a source when told', async () => {
    const body = new Body(silent());
    const waiting = body.take(1);

    body.stop(new Error('stopped'));

    await expect(waiting).rejects.toThrow('stopped');
    await expect(body.take(1)).rejects.toThrow('stopped');
  });

  test('tells the source to end, unless it has', async () => {
    const source = silent();
    new Body(source).close();

    expect(source.returned).toBe(true);
  });
});
