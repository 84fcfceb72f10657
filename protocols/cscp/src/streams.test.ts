import { fuzz } from '@fairlead/testkit/fuzz';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairInPieces } from '../test/support/pieces.ts';
import { SmallTarget } from '../test/support/target.ts';
import { anyText } from '../test/support/texts.ts';
import { CscpClient } from './client/client.ts';
import { formatReply, type Operation, parseRequest, textFromBytes } from './codec/index.ts';
import { bytesFromText } from './codec/text.ts';
import { CscpError } from './error.ts';
import { serveCscp } from './server/serve.ts';

const nasty = ['\n201 OK\n', '401 FAIL\n', '202 GOODBYE\n\n', '"', '\\', '\r\n', '#3#', '102 DATA a = "'];
const value = anyText(nasty);
const key = fc.constantFrom('a', 'b', 'warned', 'bad', 'name');
const values = fc.array(fc.tuple(key, value), { maxLength: 3 }).map((pairs) => new Map(pairs));
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ verb: fc.constant('SET' as const), oid: fc.constantFrom('5', '6'), namespace: fc.constantFrom('', 'Ns'), values }),
  fc.record({ verb: fc.constant('GET' as const), oid: fc.constantFrom('5', '9999'), namespace: fc.constant('') }),
  fc.record({
    verb: fc.constant('FIND' as const),
    class: fc.constant('User'),
    criteria: fc.array(fc.record({ key, match: fc.constant('equals' as const), value: fc.nat(99).map(String) }), { maxLength: 3 }),
  }),
  fc.constantFrom<Operation>({ verb: 'WHOAMI' }, { verb: 'HELP' }, { verb: 'BEGIN' }, { verb: 'COMMIT' }),
  fc.record({ verb: fc.constant('AUTHKEY' as const), user: value, sessionId: fc.constantFrom('wrong', 'good') }),
);
const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 });

test('random commands, several at a time and in whatever pieces, get exactly the replies that they get one by one', async () => {
  const batches = fc.array(fc.array(operation, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
  await fuzz('cscp.streams', fc.tuple(batches, sizes), async ([given, pieces]) => {
    const [ours, theirs] = pairInPieces(pieces);
    const ending = serveCscp(theirs, new SmallTarget());
    const client = await CscpClient.over(ours);
    const model = new SmallTarget();
    for (const batch of given) {
      const replies = await client.executeAll(batch);
      for (const [index, each] of batch.entries()) expect(replies[index]).toEqual(await expected(model, each));
    }
    await client.close();
    expect(await ending).toBe('bye');
  });
});

/** What a model of the server answers to the text of the command. */
async function expected(model: SmallTarget, each: Operation): Promise<unknown> {
  const refused = { lines: [], end: 402 };
  if ((each.verb === 'BEGIN' && model.state === 'TXN') || (each.verb === 'COMMIT' && model.state === 'CMD')) return refused;
  return await model.execute(each);
}

test('whatever a client says, the server answers each line once, in order, with nothing but replies', async () => {
  const words = ['GET 5', 'SET 5 a="', 'WHOAMI', 'BYE X', '\n', '"', '#3#YWJj', 'FIND User a=', 'BEGIN', 'COMMIT', '\r', '\\'];
  const said = fc.array(anyText(words), { maxLength: 8 }).map((parts) => parts.join('\n').slice(0, 20_000));
  await fuzz('cscp.served', fc.tuple(said, sizes), async ([text, pieces]) => {
    const bytes = bytesFromText(`${text}\nBYE\n`);
    const [ours, theirs] = pairInPieces(pieces.map((size) => size * 20));
    const heard: Buffer[] = [];
    ours.on('data', (piece: Buffer) => heard.push(piece));
    const ending = serveCscp(theirs, new SmallTarget());
    ours.write(bytes);
    await ending;
    await new Promise((resolve) => (ours.readableEnded ? resolve(undefined) : ours.once('end', resolve)));
    expect(textFromBytes(Buffer.concat(heard))).toBe(await replay(textFromBytes(bytes)));
  });
});

/** The same lines, one after the other, without a stream. */
async function replay(text: string): Promise<string> {
  const model = new SmallTarget();
  let answers = '100 CSCP/0.99\n200 READY\n';
  for (const line of text.split('\n')) {
    const request = parseRequest(line, model);
    if (request.kind === 'blank') continue;
    const reply = request.kind === 'refused' ? request.reply : await model.execute(request.operation);
    answers += formatReply(reply);
    if (reply.end === 202) break;
  }
  return answers;
}

test('whatever a server says, the client gives replies or an error of ours, and ends', async () => {
  const lines = ['201 OK\n', '401 FAIL\n', '104 OBJECT 5\n', '102 DATA a = "b"\n', '202 GOODBYE\n\n', '302 BAD DATA 5 a "b"\n', '998 X\n'];
  const speech = fc.oneof(
    fc.array(fc.constantFrom(...lines), { maxLength: 12 }).map((parts) => parts.join('')),
    anyText(lines),
  );
  const batch = fc.array(operation, { minLength: 1, maxLength: 5 });
  await fuzz(
    'cscp.answers',
    fc.tuple(speech, batch, sizes),
    async ([text, given, pieces]) => {
      const [ours, theirs] = pairInPieces(pieces);
      theirs.write('100 CSCP/0.99\n200 READY\n');
      const client = await CscpClient.over(ours);
      const outcomes = Promise.allSettled(given.map((each) => client.execute(each)));
      theirs.resume().end(bytesFromText(text.slice(0, 5000)));
      const settled = await outcomes;
      const failed = settled.findIndex(({ status }) => status === 'rejected');
      for (const [index, outcome] of settled.entries()) {
        expect(outcome.status).toBe(failed >= 0 && index >= failed ? 'rejected' : 'fulfilled');
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(CscpError);
      }
      client.destroy();
      return failed !== 0;
    },
    { someAccepted: true },
  );
});
