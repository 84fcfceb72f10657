import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Agent, type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import { CloudStackClient } from '@fairlead/cloudstack';
import { type Program, startProgram } from './fairlead.ts';
import { median, spread } from './figures.ts';
import { benchFolder } from './files.ts';
import type { Bench } from './report.ts';

const VMS = 485;
const CONNECTIONS = 4;
const WARM_REQUESTS = 20;
const LOAD_MS = 5000;

/** A CloudStack of many machines, each answer of which takes the time that the real one took (fixtures, “What answers cost”). */
export const listVms: Bench = {
  name: 'list-vms',
  title: `GET /vms with ${VMS} VMs, over HTTPS, on a fake CloudStack that charges what the real one took`,
  rounds: 3,
  run: async (rounds) => {
    await using folder = await benchFolder(0);
    await using cloud = await startProgram(
      ['fake', 'cloudstack', '--port', '0', '--costs', '--vms', String(VMS)],
      /endpoint +(\S+)[\s\S]*login +(\S+) \/ (\S+)[\s\S]*api key +(\S+)[\s\S]*secret key +(\S+)/,
    );
    const upstream = upstreamOf(cloud);
    const [listed, colds]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      listed.push(await timeOf(() => upstream.list()));
      colds.push(await cold(join(folder.path, `cold-${round}`), upstream));
    }
    const warm = await warmAnswers(join(folder.path, 'warm'), upstream);
    const rows = [
      ['the one list call of CloudStack', spread(listed, 0), 'ms'],
      ['cold: first GET /vms of a gateway that has just started', spread(colds, 0), 'ms'],
      ['cold / list call', (median(colds) / median(listed)).toFixed(2), 'ratio'],
      ...warm,
    ];
    return [{ head: ['what', 'median (least–greatest)', 'unit'], rows }];
  },
};

interface Upstream {
  readonly endpoint: string;
  readonly user: string;
  readonly password: string;
  readonly apiKey: string;
  readonly secretKey: string;
  /** All machines by the one call that has what GET /vms shows. */
  list(): Promise<unknown>;
}

function upstreamOf(cloud: Program): Upstream {
  const [, endpoint = '', user = '', password = '', apiKey = '', secretKey = ''] = cloud.said;
  const client = new CloudStackClient({ endpoint, apiKey, secretKey });
  return {
    endpoint,
    user,
    password,
    apiKey,
    secretKey,
    list: () => client.call('listVirtualMachines', { listall: true, page: 1, pagesize: 500 }),
  };
}

async function cold(folder: string, upstream: Upstream): Promise<number> {
  await using gateway = await startGateway(folder, upstream);
  return await timeOf(() => gateway.get('application/xml'));
}

async function warmAnswers(folder: string, upstream: Upstream): Promise<(readonly string[])[]> {
  await using gateway = await startGateway(folder, upstream);
  const rows: (readonly string[])[] = [];
  for (const [name, type] of [
    ['XML', 'application/xml'],
    ['JSON', 'application/json'],
  ] as const) {
    const bytes = await gateway.get(type);
    const times: number[] = [];
    for (let sent = 0; sent < WARM_REQUESTS; sent++) times.push(await timeOf(() => gateway.get(type)));
    rows.push([`warm, ${name}, ${Math.round(bytes / 1024)} KiB`, spread(times, 0), 'ms']);
    rows.push([`${name}, ${CONNECTIONS} connections`, (await perSecond(() => gateway.get(type))).toFixed(1), 'requests/s']);
  }
  return rows;
}

interface Gateway extends AsyncDisposable {
  /** Reads all machines; gives the bytes of the answer. */
  get(type: string): Promise<number>;
}

async function startGateway(folder: string, upstream: Upstream): Promise<Gateway> {
  const file = join(folder, 'fairlead.ini');
  await mkdir(folder, { recursive: true });
  await writeFile(
    file,
    [
      '[server]\nhost = 127.0.0.1\nport = 0\npublic_ip = 127.0.0.1',
      `state_dir = ${folder}/state\nrun_dir = ${folder}/run`,
      `[ssl]\nca_cert_file = ${folder}/ca.crt\nca_key_file = ${folder}/ca.key\ncert_file = ${folder}/server.crt\nkey_file = ${folder}/server.key`,
      `[security]\nhmac_secret = ${'a made up secret of the benches '.repeat(2)}`,
      `[cloudstack]\nendpoint = ${upstream.endpoint}\napi_key = ${upstream.apiKey}\nsecret_key = ${upstream.secretKey}`,
    ].join('\n'),
    { mode: 0o600 },
  );
  const program = await startProgram(['serve', '--config', file], /"main":"(https:[^"]+)"[^\n]*"fairlead is up"/);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, ca: await readFile(join(folder, 'ca.crt')) });
  const base = `${program.said[1]}/ovirt-engine`;
  const token = await login(base, upstream, agent);
  return {
    get: async (accept) => (await ask(`${base}/api/vms`, { agent, headers: { accept, authorization: `Bearer ${token}` } })).length,
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
      await program[Symbol.asyncDispose]();
    },
  };
}

async function login(base: string, { user, password }: Upstream, agent: Agent): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'password', scope: 'ovirt-app-api', username: `${user}@internal`, password });
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  const body = await ask(`${base}/sso/oauth/token`, { agent, headers, method: 'POST' }, form.toString());
  return (JSON.parse(body.toString('utf8')) as { access_token: string }).access_token;
}

function ask(url: string, options: RequestOptions, form?: string): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  request(url, options, (answer) => {
    const pieces: Buffer[] = [];
    answer.on('data', (piece: Buffer) => pieces.push(piece)).on('error', reject);
    answer.on('end', () => {
      const body = Buffer.concat(pieces);
      if (answer.statusCode === 200) resolve(body);
      else reject(new Error(`${answer.statusCode}: ${body.toString('utf8', 0, 300)}`));
    });
  })
    .on('error', (error) => reject(new Error(`${url}: ${error.message}`)))
    .end(form);
  return promise;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function perSecond(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  let done = 0;
  const one = async () => {
    while (performance.now() - begin < LOAD_MS) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  return done / ((performance.now() - begin) / 1000);
}
