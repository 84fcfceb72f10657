import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Requests that last until somebody ends them. */
const STREAM = '/v2/events';

/** Knows how many requests are under way, and waits for them when the gateway stops. */
export class Drain {
  #underWay = 0;
  #idle = Promise.withResolvers<void>();

  watch(app: FastifyInstance): void {
    app.addHook('onRequest', (request, reply, done) => {
      if (!request.url.startsWith(STREAM)) this.#count(reply.raw);
      done();
    });
  }

  /** Ends when no request is under way, and after so long in any case. */
  async wait(limitMs: number): Promise<void> {
    this.#idle = Promise.withResolvers<void>();
    if (this.#underWay === 0) return;
    const timer = setTimeout(this.#idle.resolve, limitMs);
    await this.#idle.promise;
    clearTimeout(timer);
  }

  #count(response: ServerResponse): void {
    this.#underWay += 1;
    // Comes after an answer, and also when the caller went away before it.
    response.once('close', () => {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#idle.resolve();
    });
  }
}
