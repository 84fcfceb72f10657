import type { Operation, Verb } from '../codec/operation.ts';
import type { Reply, ReplyLine } from '../codec/reply.ts';

type Code = ReplyLine['code'];

/** Lines that belong to the success of a command: a reply that misses its own, or bears another's, answers something else. */
const OWN: Readonly<Partial<Record<Verb, readonly Code[]>>> = {
  AUTH: [109],
  CLASSES: [110],
  CREATE: [104],
  FIND: [104],
  GET: [102, 103, 107, 108],
  NAMES: [105],
  SCHEMA: [102, 105, 110],
  VERSION: [102],
  WHOAMI: [104],
};

/** Commands whose success has at least one line of its own. Every namespace has magic properties, so GET is one (cce 0.2). */
const NEVER_EMPTY: ReadonlySet<Verb> = new Set(['AUTH', 'CREATE', 'GET', 'WHOAMI']);

/** Codes that one command alone may get. */
const SPECIAL: ReadonlySet<Code> = new Set([102, 103, 104, 105, 107, 108, 109, 110]);

/** Whether the reply can be the one to this command (cce 1.6, 1.7): a mistake here would shift all later replies. */
export function canAnswer(reply: Reply, { verb }: Operation): boolean {
  if ((reply.end === 202) !== (verb === 'BYE') && (reply.end === 202 || reply.end === 201)) return false;
  const own = OWN[verb] ?? [];
  let owned = 0;
  for (const { code } of reply.lines) {
    if (!SPECIAL.has(code)) continue;
    if (!own.includes(code)) return false;
    owned += 1;
  }
  return reply.end !== 201 || owned > 0 || !NEVER_EMPTY.has(verb);
}
