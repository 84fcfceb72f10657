/** What Node calls when it shows a value; a symbol for all, so that nothing has to be loaded for it. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A value that no inspection, text or JSON form reveals (spec 3.15); only reveal() gives it. */
export class Secret {
  readonly #value: string;
  /** What may be shown in its place. */
  readonly shown: string;

  /** @param shown what may be shown, by default nothing of the value */
  constructor(value: string, shown = '[redacted]') {
    this.#value = value;
    this.shown = shown;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return this.shown;
  }

  toJSON(): string {
    return this.shown;
  }

  [INSPECT](): string {
    return this.shown;
  }
}

/** What may be shown of an application key: its first 4 characters (spec 3.15). */
export function keyHint(applicationKey: string): string {
  return `${applicationKey.slice(0, 4)}…`;
}
