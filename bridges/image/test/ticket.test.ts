import { describe, expect, test } from 'vitest';
import { RangeList } from '../src/map/ranges.ts';
import { Ticket } from '../src/service/ticket/ticket.ts';

/** Cases of imageio 17 about what a ticket knows of itself. */

function ticket(ops: readonly ('read' | 'write')[] = ['read']): { readonly ticket: Ticket; readonly clock: { ms: number } } {
  const clock = { ms: 1000 };
  const backend = { kind: 'file', path: '/x' } as const;
  const grant = { transferId: 'tr', size: 100, ops, timeoutS: 60, inactivityS: 60, sparse: true, dirty: false, url: 'file:///x', backend };
  const parts = {
    digest: 'd',
    grant,
    expiresMs: 61_000,
    moved: new RangeList(),
    canceled: false,
    now: () => clock.ms,
    changed: () => undefined,
    save: async () => undefined,
  };
  return { ticket: new Ticket(parts), clock };
}

const connection = new AbortController().signal;

/** Moves bytes `start` to `end` in one operation. */
async function move(one: Ticket, start: number, end: number): Promise<void> {
  await one.run(start, connection, async (operation) => operation.advance(end - start));
}

describe('imageio 17.87: bytes are counted once', () => {
  test.each([
    ['nothing', [], 0],
    ['an empty operation', [[5, 5]], 0],
    [
      'operations in order',
      [
        [0, 10],
        [10, 30],
      ],
      30,
    ],
    [
      'out of order',
      [
        [10, 30],
        [0, 10],
      ],
      30,
    ],
    [
      'overlapping',
      [
        [0, 20],
        [10, 30],
      ],
      30,
    ],
    [
      'with a gap',
      [
        [0, 10],
        [20, 30],
      ],
      20,
    ],
    [
      'with a gap that is filled',
      [
        [0, 10],
        [20, 30],
        [10, 20],
      ],
      30,
    ],
    [
      'twice the same',
      [
        [0, 10],
        [0, 10],
      ],
      10,
    ],
  ] as const)('%s', async (_what, moves, moved) => {
    const { ticket: one } = ticket();
    for (const [start, end] of moves) await move(one, start, end);
    expect(one.transferred).toBe(moved);
  });

  test('what runs counts too, together with what has ended', async () => {
    const { ticket: one } = ticket();
    await move(one, 0, 10);
    const { promise, resolve } = Promise.withResolvers<void>();
    const running = one.run(5, connection, async (operation) => {
      operation.advance(15);
      await promise;
    });
    expect([one.transferred, one.active, one.idleS]).toEqual([20, true, 0]);
    resolve();
    await running;
    expect([one.transferred, one.active]).toEqual([20, false]);
  });
});

test('imageio 17.92: whoever may write may read, not the other way round', () => {
  expect(() => ticket(['write']).ticket.authorize('read')).not.toThrow();
  expect(() => ticket(['read']).ticket.authorize('write')).toThrow('forbids write');
  expect(() => ticket([]).ticket.authorize('read')).toThrow('forbids read');
});

test('imageio 17.93: an expired ticket and a cancelled one say so', () => {
  const { ticket: one, clock } = ticket();
  clock.ms = 61_000;
  expect(() => one.authorize('read')).toThrow('Transfer=tr expired');
  one.extend(60);
  one.authorize('read');
  one.canceled = true;
  expect(() => one.authorize('read')).toThrow('Transfer=tr was canceled');
});

test('imageio 17.90: an operation of a cancelled ticket fails, before it runs and after', async () => {
  const { ticket: one } = ticket();
  const during = one.run(0, connection, async (operation) => {
    operation.advance(10);
    one.canceled = true;
  });
  await expect(during).rejects.toMatchObject({ code: 'IMAGE_TICKET_FORBIDDEN' });
  await expect(move(one, 0, 1)).rejects.toMatchObject({ code: 'IMAGE_TICKET_FORBIDDEN' });
  expect(one.transferred).toBe(0);
});
