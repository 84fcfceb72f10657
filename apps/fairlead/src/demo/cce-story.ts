import { type CceAnswer, type CceCallOptions, callCce } from './cce-client.ts';
import type { CceFacts } from './cce-world.ts';
import type { Step } from './steps.ts';

interface CceTelling {
  readonly cce: CceFacts;
  readonly ca: string;
  readonly signal: AbortSignal;
  readonly step: Step;
}

type Fields = Readonly<Record<string, unknown>>;
type Call = (command: Fields) => Promise<CceAnswer>;

const NEW_NAME = 'shop';
const NEW_FQDN = 'shop.example.test';

/** Drives the JSON API of BlueOnyx over the embedded engine, from this machine and as another one would. */
export async function tellCce({ cce, ca, signal, step }: CceTelling): Promise<void> {
  const options: CceCallOptions = { url: cce.url, ca, signal };
  const anonymous: Call = (command) => callCce(command, options);
  const session = await step(
    'CCE: session',
    () => logIn(anonymous, cce),
    () => ({ result: `${cce.user} at POST /v2/cce, from this machine` }),
  );
  const local: Call = (command) => anonymous({ ...session, ...command });
  await step('CCE: find, get, set', () => changeSite(local), told);
  await step('CCE: transaction', () => commitSite(local), told);
  await step('CCE: failed one', () => failToCommit(local), told);
  await step('CCE: from afar', () => callFromAfar(cce, options), told);
  await step('CCE: bye', () => sayGoodbye(local), told);
}

function told(text: string): { readonly result: string } {
  return { result: text };
}

async function logIn(call: Call, { user, password }: CceFacts): Promise<Fields> {
  const { data } = expected(201, await call({ cmd: 'AUTH', user, password }));
  return { user, sessionid: data.sessionid };
}

async function changeSite(call: Call): Promise<string> {
  const site = await findSite(call, 't1.smd.net');
  expected(201, await call({ cmd: 'SET', oid: site, args: { maxusers: '30' } }));
  const { data } = expected(201, await call({ cmd: `GET ${site}` }));
  if (data.DATA.maxusers !== '30') throw new Error(`maxusers is ${data.DATA.maxusers}`);
  return `site ${data.DATA.name}, object ${site}: maxusers is 30 now`;
}

async function findSite(call: Call, fqdn: string): Promise<string> {
  const { data } = expected(201, await call({ cmd: 'FIND', class: 'Vsite', args: { fqdn } }));
  const [oid] = data?.oidlist ?? [];
  if (oid === undefined) throw new Error(`there is no site ${fqdn}`);
  return oid;
}

async function commitSite(call: Call): Promise<string> {
  const site = { hostname: NEW_NAME, domain: 'example.test', fqdn: NEW_FQDN, ipaddr: '192.0.2.20', maxusers: 10 };
  expected(201, await call({ cmd: 'BEGIN' }));
  expected(100, await call({ cmd: 'CREATE', class: 'Vsite', data: site }));
  expected(100, await call({ cmd: 'SET 1 . Snmp readCommunity = "demo"' }));
  const { data } = expected(201, await call({ cmd: 'COMMIT' }));
  return `${data.results.length} commands applied together, object ${await findSite(call, NEW_FQDN)} created`;
}

async function failToCommit(call: Call): Promise<string> {
  const site = await findSite(call, NEW_FQDN);
  expected(201, await call({ cmd: 'BEGIN' }));
  expected(100, await call({ cmd: `SET ${site} maxusers = "99"` }));
  expected(100, await call({ cmd: `SET ${site} invalid_key = "x"` }));
  expected(409, await call({ cmd: 'COMMIT' }));
  const { data } = expected(201, await call({ cmd: `GET ${site}` }));
  if (data.DATA.maxusers !== '10') throw new Error('half of a transaction was applied');
  return '409, and nothing of it was applied';
}

/** A second address of loopback is a trusted proxy here, in front of a machine of the documentation network. */
async function callFromAfar({ remote }: CceFacts, options: CceCallOptions): Promise<string> {
  const { proxy, address, secret } = remote;
  const through = { ...options, localAddress: proxy };
  const headers = { 'x-real-ip': address, 'x-client-secret': secret };
  expected(401, await callCce({ cmd: 'LOGIN' }, { ...through, headers: { ...headers, 'x-client-secret': 'x'.repeat(32) } }));
  const { data } = expected(201, await callCce({ cmd: 'LOGIN' }, { ...through, headers }));
  const { token } = data;
  const who = expected(201, await callCce({ cmd: 'WHOAMI', token }, { ...through, headers }));
  expected(201, await callCce({ cmd: 'BYE', token }, { ...through, headers }));
  expected(401, await callCce({ cmd: 'WHOAMI', token }, { ...through, headers }));
  return `${address} by client secret and token, object ${who.data.oid}; after BYE the token is worth nothing`;
}

async function sayGoodbye(call: Call): Promise<string> {
  expected(201, await call({ cmd: 'BYE' }));
  expected(201, await call({ cmd: 'ENDKEY' }));
  expected(401, await call({ cmd: 'GET 6' }));
  return 'the session is ended';
}

function expected(status: number, answer: CceAnswer): CceAnswer {
  if (answer.status !== status) throw new Error(`expected ${status}, answered ${JSON.stringify(answer)}`);
  return answer;
}
