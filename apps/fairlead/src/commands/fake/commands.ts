import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Output } from '../../output.ts';
import type { FakeAcronisWords } from './acronis.ts';
import type { FakeCloudStackWords } from './cloudstack.ts';
import type { FakeOvhWords } from './ovh.ts';

/** `fairlead fake cloudstack|ovh|acronis`: a fake alone, for foreign clients. */
export function addFakeCommands(program: Command, output: Output): void {
  const fake = program.command('fake').description('run the fake of a foreign system by itself');
  addCloudStack(fake, output);
  addOvh(fake, output);
  addAcronis(fake, output);
}

function addAcronis(fake: Command, output: Output): void {
  fake
    .command('acronis')
    .description('a data center of Acronis with an API client, tenants, and keys that sign request tokens')
    .option('--port <n>', 'port on loopback; any free one when absent', portNumber, 0)
    .option('--app <code>', 'code of the CyberApp', 'acme.fairlead')
    .option('--datacenter <label>', 'its label', 'eu8')
    .option('--customers <n>', 'so many customers below its partner', count(1000), 2)
    .option('--seed <n>', 'the same number gives the same ids and secrets; keys are always new', count(2_147_483_647), 1)
    .option('--tls', 'serve https with a certificate of an authority made for this run, and tell its file')
    .action(async (words: FakeAcronisWords) => (await import('./acronis.ts')).runFakeAcronis(words, output));
}

function addCloudStack(fake: Command, output: Output): void {
  fake
    .command('cloudstack')
    .description('a CloudStack management server with one host, one pool of real qcow2 files and a demo VM')
    .option('--port <n>', 'port on loopback; any free one when absent', portNumber, 0)
    .option('--pool <folder>', 'folder of the volumes; a temporary one when absent')
    .option('--vms <n>', 'so many instances with one volume and one network card each, always the same', count(50_000), 0)
    .option('--job-delay <ms>', 'how long a job stays pending', count(3_600_000), 0)
    .option('--costs [scale]', 'answers take as long as those of the recorded server did; 0.1 is a tenth of it', scale)
    .option('--export-apis', 'offer the backup export API (expose.kvm.backup.export.service.apis)')
    .option('--backup-framework', 'offer the backup framework (backup.framework.enabled)')
    .option('--transfer-url <base>', 'where the data of image transfers is; the id of the transfer is appended')
    .action(async (words: FakeCloudStackWords) => (await import('./cloudstack.ts')).runFakeCloudStack(words, output));
}

function addOvh(fake: Command, output: Output): void {
  const ovh = fake
    .command('ovh')
    .description('the OVHcloud API with real signatures, keys, rules and tokens, and a made-up account')
    .option('--port <n>', 'port on loopback; any free one when absent', portNumber, 0)
    .option('--seed <n>', 'the same number gives the same keys and the same account', count(2_147_483_647), 1)
    .option(
      '--fixtures <folder>',
      'servers.json, vps.json, projects.json, domains.json, ips.json, me.json: rows to show in place of made-up ones',
    )
    .option('--clock-skew <seconds>', 'its clock is ahead by so much; a negative number: behind', seconds, 0)
    .option('--window <seconds>', 'by how much a timestamp may be away; 180 when absent', count(86_400))
    .addOption(new Option('--error-style <style>', 'members of error bodies').choices(['legacy', 'current', 'both']).default('current'))
    .option('--auto-validate <ms>', 'requested consumer keys become valid by themselves after that time', count(86_400_000))
    .option('--quota <calls/seconds>', 'how often a caller may call, as 20/1; more is answered with 429', quota)
    .option('--tls', 'serve https with a certificate of an authority made for this run, and tell its file')
    .option('--tls-cert <file>', 'serve https with this certificate (PEM)')
    .option('--tls-key <file>', 'and this key')
    .option('--public-origin <url>', 'scheme and host that clients sign, when they reach it through something else', origin);
  for (const [kind, what, most] of SIZES) ovh.option(`--${kind} <n>`, what, count(most));
  ovh.action(async (words: FakeOvhWords) => (await import('./ovh.ts')).runFakeOvh(words, output));
}

/** How much of each kind there is. */
const SIZES: readonly (readonly [kind: string, what: string, most: number])[] = [
  ['servers', 'so many dedicated servers', 10_000],
  ['vps', 'so many VPS', 5_000],
  ['projects', 'so many public cloud projects', 50],
  ['instances', 'so many instances in each project', 1_000],
  ['domains', 'so many domains with their zones', 20_000],
  ['ips', 'so many additional IP blocks', 20_000],
  ['vracks', 'so many private networks', 100],
];

function seconds(text: string): number {
  if (!/^-?\d{1,10}$/.test(text)) throw new InvalidArgumentError('a whole number of seconds');
  return Number(text);
}

function quota(text: string): { requests: number; seconds: number } {
  const [, calls, within] = /^([1-9]\d{0,6})\/([1-9]\d{0,4})$/.exec(text) ?? [];
  if (calls === undefined) throw new InvalidArgumentError('calls and seconds, as 20/1');
  return { requests: Number(calls), seconds: Number(within) };
}

function origin(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text)) throw new InvalidArgumentError('a URL, as https://eu.api.ovh.com');
  return new URL(text).origin;
}

/** A whole number of 0 or more. */
function count(max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number > max) throw new InvalidArgumentError(`0 to ${max}`);
    return number;
  };
}

function scale(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) throw new InvalidArgumentError('a number of 0 or more');
  return number;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('0 to 65535');
  return port;
}
