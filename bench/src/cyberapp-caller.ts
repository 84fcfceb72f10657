import { formatCredentials } from '@fairlead/acronis/codec';
import { CallbackDriver } from '@fairlead/acronis/fake';
import type { JsonAnswer, Line } from './cce-lines.ts';
import { APP, DATACENTER } from './cyberapp-context.ts';

export interface CallerOptions {
  readonly tenantId: string;
  /** That Acronis shows with each request. */
  readonly token: string;
  /** Identities that take turns, all with one password. */
  readonly logins: readonly string[];
  readonly password: string;
}

/** Writes callbacks as Acronis does. */
export class Caller {
  readonly #driver: CallbackDriver;
  readonly #options: CallerOptions;
  #turn = 0;

  constructor(options: CallerOptions) {
    const datacenterUrl = `https://${DATACENTER}.acronis.cloud`;
    this.#driver = new CallbackDriver({ url: 'https://127.0.0.1/callback', appCode: APP, tenantId: options.tenantId, datacenterUrl });
    this.#options = options;
  }

  request(identity: string, password: string): string {
    const { body } = this.#driver.request('enablement.read', undefined);
    return [
      'POST /callback HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json',
      `authorization: Bearer ${this.#options.token}`,
      `x-cyberapp-auth: ${formatCredentials(identity, { password })}`,
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${String(body)}`,
    ].join('\r\n');
  }

  /** By whoever's turn it is. Throws for any answer but 200. */
  async good(line: Line<JsonAnswer>): Promise<void> {
    const { logins, password } = this.#options;
    this.#turn += 1;
    const { http, body } = await line.ask(this.request(logins[this.#turn % logins.length] ?? '', password));
    if (http !== 200) throw new Error(`${http}: ${body}`);
  }
}
