/** Holds what was opened and closes it in reverse order, every part even when one fails. */
export class AsyncScope implements AsyncDisposable {
  #stack = new AsyncDisposableStack();

  use<T extends AsyncDisposable | Disposable>(value: T): T {
    return this.#stack.use(value);
  }

  defer(close: () => Promise<void> | void): void {
    this.#stack.defer(close);
  }

  /** Hands everything on to a new scope; this one then closes nothing. */
  move(): AsyncScope {
    const moved = new AsyncScope();
    moved.#stack = this.#stack.move();
    return moved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** Resolves with the first of the signals that arrives. */
export function stopSignal(names: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const name of names) process.once(name, () => resolve(name));
  return promise;
}
