import { rename } from 'node:fs/promises';
import { CallbackDriver, type DriverAnswer } from '@fairlead/acronis/fake';
import { systemClock } from '@fairlead/kernel/clock';
import { type AcronisWorld, CYBERAPP_CODE, CYBERAPP_LOGIN, type CyberappFacts } from './cyberapp-world.ts';
import type { Step } from './steps.ts';

interface CyberappTelling {
  readonly acronis: AcronisWorld;
  readonly cyberapp: CyberappFacts;
  /** One of the customer's, with the file of its disk. */
  readonly machine: { readonly disk: string; backUp(name: string): Promise<void> };
  /** `https://…` of the callback listener. */
  readonly url: string;
  readonly ca: string;
  readonly signal: AbortSignal;
  readonly step: Step;
}

/** Runs of the connector are ten seconds apart, the first one begins up to half a minute after the gateway. */
const DEADLINE_MS = 90_000;
const LOOK_MS = 250;

/** What Acronis asks when a partner enables the app and maps two customers; what their tenants show then; a problem that comes and goes. */
export async function tellCyberapp(telling: CyberappTelling): Promise<void> {
  const { acronis, url, ca, step } = telling;
  const driver = new CallbackDriver({
    url: `${url}/callback`,
    appCode: CYBERAPP_CODE,
    tenantId: acronis.partner,
    datacenterUrl: 'https://eu8-cloud.acronis.com',
    ...CYBERAPP_LOGIN,
    signer: acronis.fake.signer,
    ca,
  });
  await step('CyberApp: enable', () => enable(driver, telling), told);
  await step('CyberApp: map', () => map(driver, telling), told);
  await step('CyberApp: workloads', () => shown(telling), told);
  await step('CyberApp: alert', () => raised(telling), told);
  await step('CyberApp: repaired', () => closed(telling), told);
  await step('CyberApp: unchanged', () => unchanged(telling), told);
}

function told(text: string): { readonly result: string } {
  return { result: text };
}

async function enable(driver: CallbackDriver, { acronis, cyberapp }: CyberappTelling): Promise<string> {
  const before = accepted(await driver.enablementRead());
  if ('acronis_tenant_id' in before) throw new Error('the partner was linked already');
  accepted(await driver.enablementWrite(cyberapp.partner, acronis.partner));
  const after = accepted(await driver.enablementRead());
  if (after.acronis_tenant_id !== acronis.partner) throw new Error('the link is not there');
  return `partner ${cyberapp.partner.slice(0, 8)} is tenant ${acronis.partner.slice(0, 8)}, over TLS with a signed token`;
}

async function map(driver: CallbackDriver, { acronis, cyberapp }: CyberappTelling): Promise<string> {
  const { items } = accepted(await driver.topologyRead()) as { items: readonly { id: string; name: string }[] };
  const pairs = cyberapp.customers.map(({ id }, at) => ({ vendor_tenant_id: id, acronis_tenant_id: acronis.customers[at] ?? null }));
  accepted(await driver.tenantMappingWrite(pairs));
  return `${items.map(({ name }) => name).join(' and ')} are mapped`;
}

/** Machines, sites and servers, each in the tenant of its customer. */
async function shown({ acronis, signal }: CyberappTelling): Promise<string> {
  const [bakery, law] = acronis.customers;
  const codes = (tenant: string) => acronis.fake.workloads.filter((row) => row.tenantId === tenant).map(({ type }) => codeOf(type));
  const isThere = () =>
    codes(bakery).includes('virtual_machine') && ['web_site', 'bare_metal', 'vps'].every((code) => codes(law).includes(code));
  await until(isThere, signal, () => `${codes(bakery).join(', ')}; ${codes(law).join(', ')}`);
  return `Bakery Lind: ${counted(codes(bakery))}; Harbour Law: ${counted(codes(law))}`;
}

/** A backup of a machine whose disk cannot be read; what its customer sees of it. */
async function raised({ acronis, machine, signal }: CyberappTelling): Promise<string> {
  await rename(machine.disk, `${machine.disk}.away`);
  const failure = await machine.backUp('cannot-be').then(
    () => undefined,
    (error: unknown) => error,
  );
  await rename(`${machine.disk}.away`, machine.disk);
  if (failure === undefined) throw new Error('a backup without its disk has succeeded');
  await until(
    () => openAlerts(acronis).length > 0,
    signal,
    () => 'no alert is open',
  );
  const [alert] = openAlerts(acronis);
  return `the disk was away: "${(alert?.details as { title?: string } | undefined)?.title}" in the tenant of Bakery Lind`;
}

async function closed({ acronis, machine, signal }: CyberappTelling): Promise<string> {
  await machine.backUp('again');
  await until(
    () => openAlerts(acronis).length === 0,
    signal,
    () => 'the alert is still open',
  );
  return 'backed up again, and the alert is closed';
}

/** Waits for a whole run after which nothing more was written. */
async function unchanged({ acronis, signal }: CyberappTelling): Promise<string> {
  const { requests } = acronis.fake;
  let writes = -1;
  let since = systemClock.now();
  const looks = () => {
    const now = WRITES.reduce((sum, route) => sum + requests.count(route), 0);
    if (now !== writes) [writes, since] = [now, systemClock.now()];
    // Longer than an interval and its tenth: a run lies in between.
    return systemClock.now() - since > QUIET_MS;
  };
  await until(looks, signal, () => 'every run writes something');
  return `a whole interval without a write; ${acronis.fake.workloads.length} workloads, ${acronis.fake.alerts.length} alert(s) in all`;
}

const QUIET_MS = 12_000;
const WRITES = ['workloads.create', 'workloads.update', 'workloads.delete', 'alerts.create', 'alerts.dismiss'] as const;

function openAlerts(acronis: AcronisWorld) {
  return acronis.fake.openAlerts.filter(({ type }) => codeOf(type) === 'backup_failed');
}

/** `…~acme.fairlead.web_site.v1.0`. */
function codeOf(type: string): string {
  return type.split('~').at(-1)?.split('.')[2] ?? type;
}

function counted(codes: readonly string[]): string {
  return [...Map.groupBy(codes, (code) => code)].map(([code, all]) => `${all.length} ${code}`).join(', ');
}

function accepted(answer: DriverAnswer): Readonly<Record<string, unknown>> {
  if (!answer.accepted) throw new Error(`the callback was answered with ${answer.status}: ${answer.problems.join(', ')}`);
  return (answer.payload ?? {}) as Readonly<Record<string, unknown>>;
}

async function until(isSo: () => boolean, signal: AbortSignal, seen: () => string): Promise<void> {
  const end = systemClock.now() + DEADLINE_MS;
  while (!isSo()) {
    if (systemClock.now() > end) throw new Error(`after ${DEADLINE_MS / 1000} s: ${seen()}`);
    await systemClock.sleep(LOOK_MS, signal);
  }
}
