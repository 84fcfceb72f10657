import { request } from 'node:https';
import { systemClock } from '@fairlead/kernel/clock';
import { createClient, type OvhClient } from '@fairlead/ovh';
import { INVENTORY_RULES, type Inventory, readInventory } from '@fairlead/ovh/inventory';
import { inventoryTable } from '../commands/ovh/inventory/table.ts';
import type { Output } from '../output.ts';
import { OVH_ACCOUNT, type OvhFacts } from './ovh-world.ts';
import type { Step } from './steps.ts';

interface OvhTelling {
  readonly ovh: OvhFacts;
  /** Of the gateway that reads the same account. */
  readonly gateway: string;
  readonly ca: string;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly step: Step;
}

const DEADLINE_MS = 30_000;

/** Asks a fake OVHcloud for a consumer key, has it validated as a person would, and reads the inventory; then as the gateway tells it. */
export async function tellOvh({ ovh, gateway, ca, output, signal, step }: OvhTelling): Promise<void> {
  using client = createClient({ ...ovh, env: false, files: false });
  const { validationUrl } = await step(
    'OVH: key request',
    () => client.credentials.request({ rules: INVENTORY_RULES.map(ruleOf), signal }),
    ({ state }) => ({ result: `${INVENTORY_RULES.length} rules to read an inventory; the key is ${state}` }),
  );
  await step('OVH: validation', () => validate(client, validationUrl, signal), told);
  const inventory = await step(
    'OVH: inventory',
    () => readAll(client, signal),
    (read) => told(summaryOf(read)),
  );
  output.print(`\n${inventoryTable(inventory.records)}\n`);
  await step('OVH: in the gateway', () => seenInHealth({ gateway, ca, signal }, inventory), told);
}

function told(text: string): { readonly result: string } {
  return { result: text };
}

function ruleOf(text: string): { readonly method: string; readonly path: string } {
  const [method = '', path = ''] = text.split(' ');
  return { method, path };
}

/** The form of the page that `validationUrl` opens in a browser. */
async function validate(client: OvhClient, validationUrl: string, signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  const page = await fetch(validationUrl, { method: 'POST', body: new URLSearchParams({ action: 'validate' }), signal: limit });
  await page.body?.cancel();
  if (!page.ok) throw new Error(`the page of the validation answered ${page.status}`);
  const { status, rules } = await client.credentials.waitUntilValidated({ interval: 100, timeout: DEADLINE_MS, signal });
  return `${status}, with ${rules.length} rules; nothing else is allowed with it`;
}

async function readAll(client: OvhClient, signal: AbortSignal): Promise<Inventory> {
  const inventory = await readInventory(client, { signal });
  if (!inventory.complete)
    throw new Error(`it is not complete: ${inventory.errors.map(({ route, code }) => `${route}: ${code}`).join(', ')}`);
  return inventory;
}

function summaryOf({ records, account }: Inventory): string {
  const counts = new Map<string, number>();
  for (const { kind } of records) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return `${account}: ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}`;
}

/** The gateway has read the same account by itself; whoever is on call sees it at `/readyz`. */
async function seenInHealth(
  place: { readonly gateway: string; readonly ca: string; readonly signal: AbortSignal },
  { records }: Inventory,
) {
  const end = systemClock.now() + DEADLINE_MS;
  for (;;) {
    const facts = await healthFacts(place);
    const told = String(facts[`${OVH_ACCOUNT} inventory`]);
    const count = [...told.matchAll(/\b(\d+) [a-z]/g)].reduce((sum, [, number]) => sum + Number(number), 0);
    if (told.startsWith('complete') && count === records.length) return `inventory.ovh, account ${OVH_ACCOUNT}: ${told}`;
    if (systemClock.now() > end) throw new Error(`the gateway tells of its account: ${told}`);
    await systemClock.sleep(250, place.signal);
  }
}

async function healthFacts({ gateway, ca, signal }: { readonly gateway: string; readonly ca: string; readonly signal: AbortSignal }) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  request(`${gateway}/readyz`, { ca, agent: false, signal: limit }, (answer) => {
    let body = '';
    answer.setEncoding('utf8');
    answer.on('data', (piece: string) => {
      body += piece;
    });
    answer.on('error', reject);
    answer.on('end', () => resolve(body));
  })
    .on('error', reject)
    .end();
  const { parts } = JSON.parse(await promise) as { parts: { ovh?: { facts: Record<string, unknown> } } };
  return parts.ovh?.facts ?? {};
}
