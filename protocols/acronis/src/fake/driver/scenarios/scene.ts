import { setTimeout as wait } from 'node:timers/promises';
import { isObject } from '../../../codec/read.ts';
import { CallbackDriver } from '../callback-driver.ts';
import type { DriverAnswer } from '../driver-options.ts';
import { Checks, type Report } from './report.ts';
import type { Stage, StageAccount, StagePartner } from './stage.ts';

/** What a scenario works with. */
export interface Scene {
  readonly stage: Stage;
  readonly checks: Checks;
  /** Drivers with the first account of each, from its own tenant. */
  readonly p1: CallbackDriver;
  readonly p2: CallbackDriver;
  readonly sub: CallbackDriver;
}

export type Play = (scene: Scene) => Promise<void>;

const LONGEST_PAUSE_MS = 10_000;

/** Plays a scenario on a stage that is empty before and after. Never rejects. */
export async function played(scenario: string, stage: Stage, play: Play): Promise<Report> {
  const checks = new Checks();
  const driver = (partner: StagePartner) => driverOf(stage, partner, partner.accounts[0]);
  const scene: Scene = { stage, checks, p1: driver(stage.partner), p2: driver(stage.stranger), sub: driver(stage.subPartner) };
  try {
    await emptied(scene);
    await play(scene);
  } catch (error) {
    checks.that('the scenario goes through', false, String(error));
  } finally {
    await emptied(scene);
  }
  return { scenario, ok: checks.all.every(({ outcome }) => outcome !== 'failed'), checks: checks.all };
}

export function driverOf(stage: Stage, { tenantId }: Pick<StagePartner, 'tenantId'>, { identity, password }: StageAccount): CallbackDriver {
  const { url, appCode, datacenterUrl, signer, ca, registered, onAccepted } = stage;
  const onThrottled = async (ms: number) => {
    if (ms > LONGEST_PAUSE_MS) return false;
    await (stage.pause ?? wait)(ms);
    return true;
  };
  return new CallbackDriver({
    ...{ url, appCode, datacenterUrl, signer, ca, registered, onAccepted },
    ...{ tenantId, identity, password, onThrottled },
  });
}

async function emptied({ p1, p2, sub }: Scene): Promise<void> {
  for (const driver of [sub, p1, p2]) await driver.enablementReset();
}

/** Enables the app for a partner, as the first steps of most scenarios. */
export async function enabled({ checks }: Scene, driver: CallbackDriver, { organizationId, tenantId }: StagePartner): Promise<void> {
  checks.accepted('the app is enabled', await driver.enablementWrite(organizationId, tenantId));
}

/** The tenant that `enablement.read` reports; undefined when none. */
export async function linkedTenant(driver: CallbackDriver): Promise<unknown> {
  const { payload } = await driver.enablementRead();
  return isObject(payload) ? payload.acronis_tenant_id : 'no answer';
}

/** Linked customers as `tenant_mapping.read` reports them: organization → tenant. */
export function linksIn({ payload }: DriverAnswer): Readonly<Record<string, string>> {
  const rows = itemsIn(payload).flatMap(({ vendor_tenant_id: id, acronis_tenant_id: tenant }): [string, string][] =>
    typeof id === 'string' && typeof tenant === 'string' ? [[id, tenant]] : [],
  );
  return Object.fromEntries(rows.sort(([a], [b]) => a.localeCompare(b)));
}

/** The same form for what is expected. */
export function links(...customers: readonly (readonly [organizationId: string, tenantId: string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries([...customers].sort(([a], [b]) => a.localeCompare(b)));
}

export function itemsIn(payload: unknown): readonly Readonly<Record<string, unknown>>[] {
  const items = isObject(payload) ? payload.items : undefined;
  return Array.isArray(items) ? (items as readonly unknown[]).filter(isObject) : [];
}
