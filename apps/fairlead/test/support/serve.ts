import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { until } from '@fairlead/testkit/until';
import { type Ended, RunningCli } from './cli.ts';

/** Any free port for every listener. */
export const FREE_PORTS = {
  FAIRLEAD_SERVER_PORT: '0',
  FAIRLEAD_IMAGE_DATA_PORT: '0',
  FAIRLEAD_IMAGE_PROXY_PORT: '0',
  FAIRLEAD_IMAGE_CONTROL_PORT: '0',
};

/** `fairlead serve` as a child process that is up. */
export interface Serving extends AsyncDisposable {
  readonly cli: RunningCli;
  /** URL of each face, as the log says. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Asks the main listener, trusting the authority in `caFile`, else the one that the gateway made when it started. */
  get(path: string, caFile?: string): Promise<{ status: number; body: string }>;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<Ended>;
}

/** Starts the daemon and waits until its log says that it is up; `logFile` where the configuration names one. */
export async function serve(
  file: string,
  env: Readonly<Record<string, string>> = {},
  how: { readonly logFile?: string; readonly node?: readonly string[] } = {},
): Promise<Serving> {
  const { logFile, node } = how;
  const cli = new RunningCli(['serve', '--config', file], { env, endless: true, ...(node && { node }) });
  try {
    const addresses = await until(() => addressesIn(cli, logFile), { timeoutMs: 30_000, what: 'the gateway to be up' });
    if (addresses === 'over') throw new Error(`the gateway ended: ${cli.stderr}${cli.stdout}`);
    return {
      cli,
      addresses,
      get: async (path, caFile) => get(`${addresses.main}${path}`, await readFile(caFile ?? (await madeAuthority(cli, logFile)), 'utf8')),
      stop: () => {
        cli.signal('SIGTERM');
        return cli.ended;
      },
      [Symbol.asyncDispose]: () => cli[Symbol.asyncDispose](),
    };
  } catch (error) {
    await cli[Symbol.asyncDispose]();
    throw error;
  }
}

async function addressesIn(cli: RunningCli, logFile: string | undefined): Promise<Record<string, string> | 'over' | undefined> {
  const line = await lastLine(cli, logFile, '"fairlead is up"');
  if (line !== undefined) return (JSON.parse(line) as { addresses: Record<string, string> }).addresses;
  return cli.isOver ? 'over' : undefined;
}

/** The file of the authority: the log names it when a gateway makes one. */
async function madeAuthority(cli: RunningCli, logFile: string | undefined): Promise<string> {
  const line = await lastLine(cli, logFile, '"made an authority of our own"');
  if (line === undefined) throw new Error('this gateway made no authority of its own');
  return (JSON.parse(line) as { file: string }).file;
}

async function lastLine(cli: RunningCli, logFile: string | undefined, text: string): Promise<string | undefined> {
  const log = logFile === undefined ? cli.stdout : await readFile(logFile, 'utf8').catch(() => '');
  return log.split('\n').findLast((one) => one.includes(text));
}

function get(url: string, ca: string): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  request(url, { ca, agent: false, timeout: 10_000 }, (answer) => {
    const chunks: Buffer[] = [];
    answer
      .on('data', (chunk: Buffer) => void chunks.push(chunk))
      .on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
  })
    .on('error', reject)
    .end();
  return promise;
}
