import type { FastifyInstance } from 'fastify';

/** Requests that last until somebody ends them. */
const STREAM = '/v2/events';

/** Knows how many requests are under way, and waits for them when the gateway stops. */
export class Drain {
  #underWay = 0;
  #idle = Promise.withResolvers<void>();

  watch(app: FastifyInstance): void {
    app.addHook('onRequest', async (request, reply) => {
      if (request.url.startsWith(STREAM)) return;
      this.#underWay += 1;
      // Comes after an answer, and also when the caller went away before it.
      reply.raw.once('close', () => {
        this.#underWay -= 1;
        if (this.#underWay === 0) this.#idle.resolve();
      });
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
}
