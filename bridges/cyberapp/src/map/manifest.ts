import { alertCategoryCti, alertTypeCti, CallbackTable, endpointCti, type JsonSchema, workloadTypeCti } from '@fairlead/acronis/codec';
import type { CyberappSettings } from '../config.ts';
import { ALERT_CATEGORIES, ALERT_TYPES } from './alert-types.ts';
import { portalSchema } from './portal-schema.ts';
import type { WorkloadCode } from './types.ts';
import { ATTRIBUTE_NAMES, type Presentation, WORKLOAD_TYPES } from './workload-types.ts';

export type ManifestSettings = Pick<
  CyberappSettings,
  'app_code' | 'paths' | 'enablement' | 'user_management' | 'inventory_callbacks' | 'declared_errors'
>;

/** Everything to register in the Vendor Portal (cyberapp 10.3), in a stable order. */
export interface Manifest {
  readonly app: string;
  readonly endpoint: { readonly cti: string; readonly url: string };
  readonly enablement: ManifestEnablement;
  /** Callbacks of Acronis that the app version uses. */
  readonly predefinedCallbacks: readonly { readonly name: string; readonly cti: string }[];
  readonly customCallbacks: readonly ManifestCallback[];
  readonly retryPolicy: { readonly kind: 'fixed'; readonly intervalS: number; readonly tries: number; readonly timeoutS: number };
  readonly accessScopes: readonly string[];
  readonly alertCategories: readonly { readonly code: string; readonly cti: string; readonly title: string }[];
  readonly alertTypes: readonly ManifestAlertType[];
  readonly workloadTypes: readonly ManifestWorkloadType[];
  /** Actions on workloads: there are none. */
  readonly actions: readonly never[];
}

export interface ManifestEnablement {
  readonly method: string;
  readonly mapping: string;
  /** Fields of the form in which a partner enters an account. */
  readonly form: readonly { readonly label: string; readonly kind: 'identity' | 'secret'; readonly id: string }[];
}

export interface ManifestCallback {
  readonly name: string;
  readonly cti: string;
  /** An empty schema: there is no payload. */
  readonly request: { readonly type: string; readonly schema: JsonSchema };
  /** Each has a status of its own. */
  readonly responses: readonly { readonly status: number; readonly type: string; readonly schema: JsonSchema }[];
}

export interface ManifestAlertType {
  readonly code: string;
  readonly cti: string;
  readonly category: string;
  readonly severity: string;
  readonly title: string;
}

export interface ManifestWorkloadType {
  readonly code: string;
  readonly cti: string;
  readonly title: string;
  readonly schema: JsonSchema;
  readonly columns: readonly (Presentation & { readonly attribute: string })[];
  /** Whether "Map to platform workloads" is on. */
  readonly mapsToPlatform: boolean;
}

/** `baseUrl` is how Acronis reaches the callback listener, `https://gateway.example:8444`. */
export function manifestOf(settings: ManifestSettings, baseUrl: string): Manifest {
  const app = settings.app_code;
  const table = new CallbackTable({
    app,
    enablement: settings.enablement,
    userManagement: settings.user_management,
    inventory: settings.inventory_callbacks,
    declaredErrors: settings.declared_errors,
  });
  const isPredefined = ({ group }: (typeof table.all)[number]) => group === 'mapped' || group === 'mirrored';
  return {
    app,
    endpoint: { cti: endpointCti(app), url: `${baseUrl.replace(/\/+$/, '')}${settings.paths[0] ?? ''}` },
    enablement: ENABLEMENT[settings.enablement],
    predefinedCallbacks: table.all.filter(isPredefined).map(({ name, id }) => ({ name, cti: id })),
    customCallbacks: table.all.filter((row) => !isPredefined(row)).map(callbackOf),
    retryPolicy: { kind: 'fixed', intervalS: 5, tries: 3, timeoutS: 15 },
    accessScopes: ['the extension points of the app itself', 'tenant structure: read, only where tenants are to be checked every day'],
    alertCategories: entriesOf(ALERT_CATEGORIES).map(([code, title]) => ({ code, cti: alertCategoryCti(app, code), title })),
    alertTypes: entriesOf(ALERT_TYPES).map(([code, { category, severity, title }]) => ({
      ...{ code, cti: alertTypeCti(app, code), category: alertCategoryCti(app, category) },
      ...{ severity, title },
    })),
    workloadTypes: entriesOf(WORKLOAD_TYPES).map(([code]) => workloadTypeOf(app, code)),
    actions: [],
  };
}

const ENABLEMENT: Readonly<Record<CyberappSettings['enablement'], ManifestEnablement>> = {
  mapped: {
    method: 'Partner-level credentials',
    mapping: "The MSP maps customers' tenants",
    form: [
      { label: 'Login', kind: 'identity', id: 'login' },
      { label: 'Password', kind: 'secret', id: 'password' },
    ],
  },
  mirrored: { method: 'Mirrored', mapping: 'Organizations are made from the tenants of Acronis', form: [] },
};

function callbackOf(row: CallbackTable['all'][number]): ManifestCallback {
  return {
    name: row.name,
    cti: row.id,
    request: { type: row.requestTypes[0] ?? '', schema: portalSchema(row.request) },
    responses: [
      { status: 200, type: row.responseType, schema: portalSchema(row.response) },
      ...row.errors.map(({ status, type, payload }) => ({ status, type, schema: portalSchema(payload) })),
    ],
  };
}

function workloadTypeOf(app: string, code: WorkloadCode): ManifestWorkloadType {
  const { title, schema, presentation, mapsToPlatform } = WORKLOAD_TYPES[code];
  const columns = ATTRIBUTE_NAMES[code].flatMap((attribute) => {
    const shown = presentation[attribute];
    return shown === undefined ? [] : { attribute, ...shown };
  });
  return { code, cti: workloadTypeCti(app, code), title, schema, columns, mapsToPlatform };
}

function entriesOf<Code extends string, Row>(table: Readonly<Record<Code, Row>>): [Code, Row][] {
  return Object.entries(table) as [Code, Row][];
}
