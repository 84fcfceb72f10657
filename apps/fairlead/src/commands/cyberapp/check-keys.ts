import { systemClock } from '@fairlead/kernel/clock';
import { EXIT } from '../../exit-codes.ts';
import { type Finding, failed, ok, reasonOf, warning } from '../doctor/finding.ts';
import { getPage } from './check-wire.ts';

/** What request tokens forgive (CyberApp 2.4). */
const LEEWAY_S = 60;
const SKEW_S = 5;

/** The keys that request tokens are signed with, and by the answers whether the clocks agree. */
export async function examineKeys(
  issuers: readonly (readonly [issuer: string, keysUrl: string])[],
  ca: string | undefined,
): Promise<readonly Finding[]> {
  const found = await Promise.all(issuers.map(([issuer, url]) => examineIssuer(issuer, url, ca)));
  return found.flat();
}

async function examineIssuer(issuer: string, url: string, ca: string | undefined): Promise<readonly Finding[]> {
  const what = `keys of ${issuer}`;
  const help =
    'The gateway has to reach this address: look at proxy, firewall and name service. Without keys every callback is answered with 503.';
  try {
    const { status, headers, text } = await getPage(url, ca);
    const count = status === 200 ? keysIn(text) : 0;
    if (count === 0) return [failed(what, `${url} answers ${status}, without a key`, { help, exit: EXIT.unreachable })];
    return [ok(what, `${count} at ${url}`), ...clockOf(issuer, headers.date)];
  } catch (error) {
    return [failed(what, `${url} does not answer: ${reasonOf(error)}`, { help, exit: EXIT.unreachable })];
  }
}

function keysIn(text: string): number {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown };
    return Array.isArray(keys) ? keys.length : 0;
  } catch {
    return 0;
  }
}

function clockOf(issuer: string, date: string | undefined): readonly Finding[] {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return [];
  // The header has whole seconds, cut.
  const skew = Math.round((theirs + 500 - systemClock.now()) / 1000);
  const what = `clock of ${issuer}`;
  const text = `differs by ${Math.abs(skew)} s`;
  const help = 'Let this machine follow NTP: request tokens are refused that are over, or not valid yet.';
  if (Math.abs(skew) > LEEWAY_S) return [failed(what, text, { help })];
  return [Math.abs(skew) > SKEW_S ? warning(what, text, help) : ok(what, text)];
}
