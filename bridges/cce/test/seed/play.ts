import { expect } from 'vitest';
import type { JsonRig } from '../support/json-rig.ts';
import type { Example, Scene } from './scene.ts';

/** Plays the examples of a scene one after the other and checks every answer whole; answers how many there were. */
export async function playScene(rig: JsonRig, scene: Scene): Promise<number> {
  const player = new Player(rig);
  for (const example of scene.examples) await player.play(example);
  return scene.examples.length;
}

class Player {
  readonly #rig: JsonRig;
  readonly #sessions = new Map<string, { user: string; sessionid: string }>();
  #token: string | undefined;

  constructor(rig: JsonRig) {
    this.#rig = rig;
  }

  async play({ clause, request, as, http, answer }: Example): Promise<void> {
    const about = `cce ${clause}: ${JSON.stringify(request)}`;
    const sent = { ...request, ...(await this.#credentials(as)) };
    const reply = await this.#rig.call(sent, as === 'token' ? { remote: '198.51.100.7' } : {});
    expect(reply.json, about).toEqual(withPatterns(answer));
    expect(reply.http, about).toBe(http);
    const { token } = (reply.json.data ?? {}) as { token?: string };
    if (token !== undefined) this.#token = token;
  }

  async #credentials(as: Example['as']): Promise<object> {
    if (as === undefined) return {};
    if (as === 'token') return this.#token === undefined ? {} : { token: this.#token };
    if (as === 'expired') return { user: 'admin', sessionid: 'x'.repeat(63) };
    const session = this.#sessions.get(as) ?? (await this.#rig.login(as));
    this.#sessions.set(as, session);
    return session;
  }
}

/** Strings between slashes become patterns, at any depth. */
function withPatterns(value: unknown): unknown {
  if (typeof value === 'string') return /^\/.+\/$/.test(value) ? expect.stringMatching(new RegExp(value.slice(1, -1))) : value;
  if (Array.isArray(value)) return value.map(withPatterns);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withPatterns(one)]));
}
