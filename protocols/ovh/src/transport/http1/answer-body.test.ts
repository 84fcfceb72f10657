import { expect, test } from 'vitest';
import { AnswerBody } from './answer-body.ts';

const idle = { pause: () => undefined, resume: () => undefined, abandon: () => undefined };
const COUNT = 100_000;

/** A body that came byte by byte. */
function dripped(): AnswerBody {
  const body = new AnswerBody(idle);
  for (let at = 0; at < COUNT; at += 1) body.push(Uint8Array.of(at % 251));
  body.end();
  return body;
}

const whole = Uint8Array.from({ length: COUNT }, (_, at) => at % 251);

test('a body in pieces of a byte is held in pieces that are worth their memory, and is the same', async () => {
  const pieces: Uint8Array[] = [];
  for await (const piece of dripped()) pieces.push(piece);
  expect(pieces.length).toBeLessThan(2000);
  expect(Buffer.concat(pieces).equals(whole)).toBe(true);
  expect(Buffer.from(await dripped().bytes()).equals(whole)).toBe(true);
});
