import type { Random } from '../random.ts';
import type { TurnableClock } from '../turnable-clock.ts';
import type { App } from './apps.ts';

/** A token that an API client was given. */
export interface AccessToken {
  readonly text: string;
  readonly app: App;
  readonly datacenter: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Access tokens: each counts in its data center, until it is over or revoked. */
export class AccessTokens {
  readonly #byText = new Map<string, AccessToken>();
  readonly #clock: TurnableClock;
  readonly #random: Random;

  constructor(clock: TurnableClock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  issue(app: App, datacenter: string, lifeMs: number): AccessToken {
    const token = { text: `fake-token.${this.#random.word(40)}`, app, datacenter, expiresAt: this.#clock.now() + lifeMs };
    this.#byText.set(token.text, token);
    return token;
  }

  find(text: string, datacenter: string): AccessToken | undefined {
    const token = this.#byText.get(text);
    return token !== undefined && token.datacenter === datacenter && token.expiresAt > this.#clock.now() ? token : undefined;
  }

  revoke(text: string): void {
    this.#byText.delete(text);
  }

  /** Those of an app, or all. */
  revokeAll(app?: App): void {
    for (const token of this.#byText.values()) if (app === undefined || token.app === app) this.#byText.delete(token.text);
  }
}
