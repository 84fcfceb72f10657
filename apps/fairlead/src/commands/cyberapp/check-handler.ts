import { CallbackDriver, type DriverAnswer, RemoteSigner } from '@fairlead/acronis/fake';
import { systemClock } from '@fairlead/kernel/clock';
import { newUuid } from '@fairlead/kernel/ids';
import { EXIT } from '../../exit-codes.ts';
import { type Finding, failed, ok, reasonOf, warning } from '../doctor/finding.ts';
import { greet } from './check-wire.ts';

/** What of the handler is looked at. */
export interface Handler {
  readonly url: URL;
  readonly appCode: string;
  /** PEM to trust beside the public roots. */
  readonly ca: string | undefined;
  /** Who signs what only Acronis could. */
  readonly fake: string | undefined;
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 21;
const NO_JSON = '{';
const DATACENTER = 'https://eu8.acronis.cloud';

/** Certificate and versions of TLS, and what is refused: all that Acronis looks at from outside. */
export async function examineHandler(handler: Handler): Promise<readonly Finding[]> {
  const { url } = handler;
  if (url.protocol !== 'https:')
    return [failed('listener', `${url.href} is not https`, { help: 'Acronis calls nothing else.', exit: EXIT.configuration })];
  try {
    const certificate = await examineCertificate(handler);
    return [...certificate, await examineOld(handler), ...(await examineRefusals(handler))];
  } catch (error) {
    const help = 'Does the gateway run, is `listen_address` of [cyberapp] this address, and does the firewall let it through?';
    return [failed('listener', `${url.host} does not answer: ${reasonOf(error)}`, { help, exit: EXIT.unreachable })];
  }
}

async function examineCertificate({ url, ca }: Handler): Promise<readonly Finding[]> {
  const publicly = await greet(url);
  const days = Math.floor((publicly.validTo - systemClock.now()) / DAY_MS);
  const help = 'Acronis takes only certificates of public authorities: name one with `cert_file` and `key_file` of [cyberapp].';
  const mine = publicly.distrust === undefined || ca === undefined ? undefined : await greet(url, { ca });
  return [
    publicly.distrust === undefined ? ok('certificate', `of ${publicly.issuer}, publicly trusted`) : untrusted(),
    days < SOON_DAYS
      ? warning('certificate', `ends in ${days} days`, 'Renew it; a running gateway shows the new one by itself.')
      : ok('certificate', `${days} days left`),
    await examineNew(url, publicly.protocol),
  ];

  function untrusted(): Finding {
    const text = `of ${publicly.issuer}, not publicly trusted: ${publicly.distrust}`;
    if (mine !== undefined && mine.distrust === undefined)
      return warning('certificate', `${text}; the authority of --ca vouches for it`, help);
    return failed('certificate', text, { help });
  }
}

async function examineNew(url: URL, protocol: string): Promise<Finding> {
  if (protocol === 'TLSv1.3') return ok('tls', 'TLS 1.3');
  const version = await greet(url, { version: 'TLSv1.3' }).then(({ protocol: one }) => one, reasonOf);
  return version === 'TLSv1.3'
    ? ok('tls', 'TLS 1.3')
    : warning('tls', `${protocol}, no TLS 1.3: ${version}`, 'Acronis asks for it: what stands before the listener?');
}

async function examineOld({ url }: Handler): Promise<Finding> {
  const old = await greet(url, { version: 'TLSv1.1' }).then(
    ({ protocol }) => protocol,
    () => undefined,
  );
  if (old === undefined) return ok('tls', 'nothing older than TLS 1.2');
  return failed('tls', `${old} is spoken`, { help: 'What stands before the listener? The gateway itself speaks nothing below TLS 1.2.' });
}

async function examineRefusals({ url, appCode, ca, fake }: Handler): Promise<readonly Finding[]> {
  const account = { identity: `check-${newUuid()}`, password: newUuid() };
  const base = { url: url.href, appCode, tenantId: newUuid(), datacenterUrl: DATACENTER, ca, ...account };
  // Tokens are looked at before bodies: who answers that this is no JSON has looked at none.
  const unsigned = await new CallbackDriver(base).raw({ body: NO_JSON });
  const findings = [judged('request token', 'a request without one', unsigned)];
  if (fake === undefined)
    return [...findings, ok('password', 'not tried: only Acronis, or a fake that is named with --fake, can sign such a request')];
  const driver = new CallbackDriver({ ...base, signer: new RemoteSigner(fake, { ca }) });
  const forged = await driver.raw({ body: NO_JSON, token: { bad: 'corrupted' } });
  return [
    ...findings,
    judged('request token', 'a corrupted one', forged),
    judged('password', 'a wrong one', await driver.enablementRead()),
  ];
}

function judged(what: string, tried: string, { status, failure }: DriverAnswer): Finding {
  if (status === 401 || status === 403) return ok(what, `${tried} is refused`);
  const help = 'Acronis refuses an app whose handler takes it: see `request_token` of [cyberapp], and whether something else answers here.';
  if (failure !== undefined)
    return failed(what, `${tried} was not answered: ${failure}`, { help: 'See the lines above.', exit: EXIT.unreachable });
  return failed(what, `${tried} is answered with ${status}`, { help });
}
