import { isObject, type JsonObject } from '../../codec/read.ts';
import { badMember, Refusal, refuse } from '../http/refusal.ts';
import type { App } from '../world/apps.ts';
import type { WorkloadRow } from '../world/workloads.ts';
import type { Visit } from './route.ts';
import { holderOf } from './scope.ts';

/** Members that the documentation lists for a creation; `external_id` is not one of them (CyberApp 4.5). */
const LISTED = ['type', 'name', 'attributes', 'client_id', 'allowed_actions', 'tenant_id', 'enabled'];
const CHANGEABLE = ['name', 'attributes', 'client_id', 'allowed_actions', 'enabled'];

/** A new workload as its item says. */
export interface WorkloadDraft
  extends Pick<WorkloadRow, 'tenantId' | 'type' | 'name' | 'attributes' | 'clientId' | 'allowedActions' | 'enabled'> {
  /** Undefined: made from the id. */
  readonly externalId: string | undefined;
}

export type WorkloadChange = Partial<Pick<WorkloadRow, 'name' | 'attributes' | 'clientId' | 'allowedActions' | 'enabled'>>;

/** @throws Refusal 400 naming the member, 403 for a tenant that the client may not act on */
export function workloadDraft(visit: Visit, item: unknown, index: number): WorkloadDraft {
  try {
    return read(visit, item);
  } catch (error) {
    // The real service names the place; clients split batches by it or by halves.
    if (error instanceof Refusal && error.answer.status === 400) throw placed(error, index);
    throw error;
  }
}

function read(visit: Visit, item: unknown): WorkloadDraft {
  const { app, world } = visit;
  if (!isObject(item)) throw badMember('item', 'has to be an object');
  if (world.unsettled.strict === 'reject-unknown') onlyThese(item, LISTED);
  const type = textIn(item, 'type');
  const validate = app.workloadTypes.get(type);
  if (validate === undefined) throw badMember('type', 'is not registered');
  const tenantId = holderOf(visit, textIn(item, 'tenant_id')).id;
  const { external_id: externalId } = item;
  if (externalId !== undefined && typeof externalId !== 'string') throw badMember('external_id', 'has to be a string');
  if (item.client_id === undefined && world.unsettled.strict !== false) throw badMember('client_id', 'is missing');
  const change = changeOf(app, type, item);
  return {
    tenantId,
    type,
    name: textIn(item, 'name'),
    attributes: change.attributes ?? attributesOf(app, type, {}),
    clientId: change.clientId ?? app.clientId,
    allowedActions: change.allowedActions ?? [],
    enabled: change.enabled ?? true,
    externalId,
  };
}

/** What the body of a PATCH says. @throws Refusal 400 */
export function workloadChange({ app, call, world }: Visit, row: WorkloadRow): WorkloadChange {
  if (!isObject(call.value)) throw badMember('body', 'has to be an object');
  if (world.unsettled.strict === 'reject-unknown') onlyThese(call.value, CHANGEABLE);
  return changeOf(app, row.type, call.value);
}

function changeOf(app: App, type: string, body: JsonObject): WorkloadChange {
  const { client_id: clientId, allowed_actions: actions, enabled } = body;
  if (clientId !== undefined && clientId !== app.clientId) throw badMember('client_id', 'is not that of the application');
  if (enabled !== undefined && typeof enabled !== 'boolean') throw badMember('enabled', 'has to be true or false');
  return {
    ...(body.name === undefined ? {} : { name: textIn(body, 'name') }),
    ...(body.attributes === undefined ? {} : { attributes: attributesOf(app, type, body.attributes) }),
    ...(clientId === undefined ? {} : { clientId: app.clientId }),
    ...(actions === undefined ? {} : { allowedActions: actionsOf(app, actions) }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}

function attributesOf(app: App, type: string, value: unknown): JsonObject {
  if (!isObject(value)) throw badMember('attributes', 'has to be an object');
  const validate = app.workloadTypes.get(type);
  if (validate !== undefined && !validate(value)) {
    const [error] = validate.errors ?? [];
    const name = error?.params.additionalProperty ?? error?.params.missingProperty ?? '';
    throw badMember(`attributes${error?.instancePath ?? ''}`, `${error?.message ?? 'does not fit'} ${name}`.trim());
  }
  return value;
}

function actionsOf(app: App, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw badMember('allowed_actions', 'has to be a list');
  return (value as readonly unknown[]).map((one) => {
    if (typeof one !== 'string' || !app.actions.has(one)) throw badMember('allowed_actions', 'is not registered');
    return one;
  });
}

function onlyThese(body: JsonObject, known: readonly string[]): void {
  for (const name of Object.keys(body)) if (!known.includes(name)) throw badMember(name, 'is not known');
}

function textIn(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw badMember(name, 'has to be a string');
  return value;
}

function placed(error: Refusal, index: number): Refusal {
  const { reason } = JSON.parse(error.answer.body) as { readonly reason: string };
  return refuse(400, 'InvalidArgument', `items[${index}].${reason}`);
}
