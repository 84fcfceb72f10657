import type { Output } from '../../../output.ts';
import { type ClientWords, withClient } from '../shared/client.ts';
import { type PrintWords, printResult } from '../shared/print.ts';

/** Beyond this many seconds somebody should look at the clock, though calls are signed with the time of the API. */
const WORTH_A_WORD_S = 30;

/** `fairlead ovh time`: needs no keys. Throws ToldError. */
export async function printTime(words: ClientWords & PrintWords, output: Output): Promise<void> {
  await withClient(
    words,
    output,
    async (client) => {
      const delta = await client.timeDelta();
      const time = await client.time();
      printResult({ endpoint: client.endpoint.name, time, utc: new Date(time * 1000).toISOString(), delta: rounded(delta) }, words, output);
      if (Math.abs(delta) > WORTH_A_WORD_S && words.json !== true)
        output.tell(
          `The local clock is ${Math.abs(Math.round(delta))} s ${delta > 0 ? 'behind' : 'ahead'}: calls are signed with the API’s time all the same.`,
        );
    },
    { auth: 'none', timeSync: true },
  );
}

/** Tenths of a second: the API itself answers in whole ones. */
function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
