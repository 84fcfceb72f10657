import { newUuid } from '@fairlead/kernel/ids';
import type { DriverAnswer } from '../driver-options.ts';
import { driverOf, type Scene } from './scene.ts';

const MOST_GUESSES = 12;
const LOCK_MS = 15 * 60_000;

/** Wrong passwords until the account is locked for the tenant that guesses; from another tenant it still works; time opens it. */
export async function bruteForce({ stage, checks }: Scene): Promise<void> {
  const account = stage.partner.accounts[0];
  // A tenant of its own: nobody else is locked out by this scenario.
  const guesser = { tenantId: newUuid() };
  const patient = driverOf(stage, guesser, account);
  const right = patient.with({ onThrottled: undefined });
  const wrong = right.with({ password: 'guessed' });
  checks.accepted('the right password is taken', await patient.enablementRead());
  const answers: DriverAnswer[] = [];
  while (answers.length < MOST_GUESSES && answers.at(-1)?.status !== 429) answers.push(await wrong.enablementRead());
  const denied = answers.filter(({ status }) => status === 401);
  checks.that('wrong passwords are refused', denied.length > 0 && denied.length === answers.length - 1, `${denied.length} times 401`);
  const locked = answers.at(-1);
  const until = locked?.headers['retry-after'];
  checks.that('in the end the account is locked', locked?.status === 429 && Number(until) > 0, `${locked?.status}, Retry-After ${until}`);
  checks.refused('then the right password is refused too', await right.enablementRead(), 429);
  checks.accepted('from another tenant the account still works', await patient.with({ tenantId: newUuid() }).enablementRead());
  if (stage.advance === undefined) return checks.skip('after a quarter of an hour it is open again', 'the stage cannot turn the clock');
  await stage.advance(LOCK_MS + 1000);
  checks.accepted('after a quarter of an hour it is open again', await patient.enablementRead());
}
