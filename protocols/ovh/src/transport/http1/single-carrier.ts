import type { Carrier, Exchange } from './exchange.ts';

/** What carries bytes, told in the words of whoever does. */
export interface Flow {
  pause(): void;
  resume(): void;
  cut(): void;
}

/** Carries one exchange over what somebody else connects: its deadlines, its signal, and its end. */
export class SingleCarrier implements Carrier {
  readonly #exchange: Exchange;
  readonly #flow: Flow;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(exchange: Exchange, flow: Flow) {
    this.#exchange = exchange;
    this.#flow = flow;
    exchange.options.signal.addEventListener('abort', this.#abort, { once: true });
  }

  pause(): void {
    this.#flow.pause();
  }

  resume(): void {
    this.#flow.resume();
  }

  arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#exchange.late(), ms);
  }

  done(): void {
    clearTimeout(this.#timer);
    this.#exchange.options.signal.removeEventListener('abort', this.#abort);
  }

  cut(): void {
    this.done();
    this.#flow.cut();
  }

  readonly #abort = (): void => this.#exchange.fail(this.#exchange.options.signal.reason);
}
