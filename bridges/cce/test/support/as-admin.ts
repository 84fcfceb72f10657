import type { JsonRig } from './json-rig.ts';

/** The body of an answer. */
export type Body = Record<string, unknown>;

/** How the user `admin` asks, with one session. */
export async function asAdmin(rig: JsonRig): Promise<(body: object) => Promise<Body>> {
  const who = await rig.login();
  return async (body) => (await rig.call({ ...who, ...body })).json;
}
