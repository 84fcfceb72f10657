import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const LONGEST_MS = 3_600_000;

/** A process of a bench that carries out one order after the other. */
export interface Orderly<Order, Facts> extends AsyncDisposable {
  readonly pid: number;
  /** What it told when it was up. */
  readonly facts: Facts;
  /** Rejects when the order fails, or the process ends. */
  order<Answer>(order: Order): Promise<Answer>;
}

type Reply = { readonly answer: unknown } | { readonly failure: string };

/** Starts a file beside this one, which calls `takeOrders`. */
export async function startOrderly<Order, Facts>(file: string, wish: unknown): Promise<Orderly<Order, Facts>> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(wish)], {
    serialization: 'advanced',
    // As `./fairlead` starts the gateway.
    env: { UV_THREADPOOL_SIZE: '16', ...process.env },
  });
  const facts = await reply<Facts>(child);
  return {
    pid: child.pid ?? 0,
    facts,
    order: async <Answer>(order: Order) => {
      child.send(order as object);
      return await reply<Answer>(child);
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit', { signal: AbortSignal.timeout(LONGEST_MS) });
      child.disconnect();
      await exit;
    },
  };
}

/** What the process that was started does: says that it is up, and answers orders until nobody gives any. */
export async function takeOrders<Wish, Order>(
  begin: (wish: Wish) => Promise<{ readonly facts: unknown; order(order: Order): Promise<unknown>; end(): Promise<void> }>,
): Promise<void> {
  const tell = (told: Reply) => process.send?.(told);
  const failed = (error: unknown) => tell({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  try {
    const { facts, order, end } = await begin(JSON.parse(process.argv[2] ?? '{}') as Wish);
    process.on('message', (given: Order) => {
      order(given).then((answer) => tell({ answer }), failed);
    });
    process.once('disconnect', () => void end().finally(() => process.exit()));
    tell({ answer: facts });
  } catch (error) {
    failed(error);
  }
}

async function reply<Answer>(child: ChildProcess): Promise<Answer> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(LONGEST_MS)]);
  try {
    const told = await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as Reply),
      once(child, 'exit', { signal }).then(([code]): Reply => ({ failure: `ended with ${code}` })),
    ]);
    if ('failure' in told) throw new Error(`${child.spawnargs.at(-2)}: ${told.failure}`);
    return told.answer as Answer;
  } finally {
    over.abort();
  }
}
