import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client, ClientContext, Totals } from './client.ts';
import { startFakeOvh } from './fake-ovh.ts';
import { runProgram } from './program.ts';
import { runSteps } from './run-client.ts';

const NAME = 'go-ovh';
const BUILD_DEADLINE_MS = 600_000;
const WORDS = ['--tls', '--clock-skew', '86400', '--servers', '20', '--vps', '6', '--projects', '2', '--domains', '5', '--ips', '4'];

/** The official client in Go, where there is a Go toolchain; nothing else here needs one, so none is installed. */
export const goOvh: Client = {
  name: NAME,
  title: 'github.com/ovh/go-ovh, the official client of the OVHcloud API in Go, against the fake API',
  whenNamed: true,
  install,
  run,
};

type Place = Pick<ClientContext, 'root' | 'installDir' | 'signal' | 'print'>;

/** Builds the program from the modules that go.sum names; nothing when it is built from the same sources. */
async function install({ root, installDir, signal, print }: Place): Promise<void> {
  if (!(await hasGo(signal))) return;
  const cwd = join(root, 'conformance', NAME);
  const stamp = join(installDir, 'built.txt');
  const wanted = await digestOf(cwd);
  if ((await readFile(stamp, 'utf8').catch(() => undefined)) === wanted) return;
  await mkdir(installDir, { recursive: true });
  const started = performance.now();
  const lines: string[] = [];
  const env = {
    GOPATH: join(installDir, 'gopath'),
    GOCACHE: join(installDir, 'cache'),
    GOFLAGS: '-mod=readonly -modcacherw',
    GOTOOLCHAIN: 'local',
    CGO_ENABLED: '0',
  };
  const options = { cwd, env, deadlineMs: BUILD_DEADLINE_MS, signal, onLine: (line: string) => void lines.push(line) };
  const code = await runProgram('go', ['build', '-o', join(installDir, 'client'), '.'], options);
  if (code !== 0) throw new Error(`go build ended with ${code}:\n${lines.slice(-20).join('\n')}`);
  await writeFile(stamp, wanted);
  print(`built ${cwd} in ${Math.round((performance.now() - started) / 1000)} s`);
}

async function hasGo(signal: AbortSignal): Promise<boolean> {
  const asked = runProgram('go', ['version'], { deadlineMs: BUILD_DEADLINE_MS, signal, onLine: () => undefined });
  return (await asked.catch(() => undefined)) === 0;
}

async function digestOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).sort()) hash.update(`${name}\n`).update(await readFile(join(folder, name)));
  return hash.digest('hex');
}

async function run(context: ClientContext): Promise<Totals> {
  const { root, installDir, signal, print } = context;
  if (!(await hasGo(signal))) {
    print(`skipped  ${NAME}  there is no Go toolchain on the path`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  await using fake = await startFakeOvh({ root, words: WORDS, signal });
  const env = { SSL_CERT_FILE: fake.caFile };
  return await runSteps(context, { command: join(installDir, 'client'), words: [], input: fake.input, env });
}
