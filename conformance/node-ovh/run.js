import { fail } from 'node:assert/strict';

/** What all parts share: clients of the fake, its control paths, steps. */
export class Run {
  failed = 0;
  #make;

  constructor(make, settings) {
    this.#make = make;
    this.settings = settings;
    this.origin = settings.endpoint.replace(/\/1\.0$/, '');
    this.address = { host: '127.0.0.1', port: Number(new URL(settings.endpoint).port) };
    this.admin = this.client();
  }

  /** With the keys of the account, unless told. */
  client(more = {}) {
    const { application_key: appKey, application_secret: appSecret, consumer_key: consumerKey } = this.settings;
    return this.#make({ ...this.address, appKey, appSecret, consumerKey, warn: () => undefined, ...more });
  }

  /** With exactly these options. */
  bare(options) {
    return this.#make(options);
  }

  serviceAccount(more = {}) {
    const { client_id: clientID, client_secret: clientSecret, token_url: tokenURL } = this.settings;
    return this.#make({ ...this.address, clientID, clientSecret, tokenURL: tokenURL.replace('oauth2/token', ''), ...more });
  }

  /** The fault panel and the switches of the fake, which are no part of the API. */
  async control(part, body, method = 'POST') {
    const answer = await fetch(this.settings.control + part, { method, body: body === undefined ? null : JSON.stringify(body) });
    if (!answer.ok) fail(`${method} ${part}: ${answer.status}`);
    return await answer.json();
  }

  async fault(target, fault, times = 1) {
    await this.control('faults', { target, fault, times });
  }

  async count(target) {
    const log = await this.control('log', undefined, 'GET');
    return log.filter((entry) => entry.target === target).length;
  }

  /** Runs with other settings of the fake. */
  async setting(settings, work) {
    await this.control('settings', settings);
    try {
      return await work();
    } finally {
      await this.control('settings', { errorStyle: 'current', quota: null, tokenLifetime: null });
    }
  }

  /** One line for each step, read by the runner. A step that fails does not keep the others from running. */
  async step(name, work) {
    const started = performance.now();
    try {
      const facts = await work();
      const took = ((performance.now() - started) / 1000).toFixed(1);
      process.stdout.write(`passed  ${name}  ${typeof facts === 'string' ? `${facts} ` : ''}(${took} s)\n`);
    } catch (error) {
      this.failed += 1;
      const reason = error instanceof Error ? error.stack : JSON.stringify(error);
      process.stdout.write(`failed  ${name}  ${String(reason).replaceAll(/\s+/g, ' ')}\n`);
    }
  }
}
