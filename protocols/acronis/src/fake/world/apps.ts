import { Ajv, type ValidateFunction } from 'ajv';
import { alertCategoryCti, alertTypeCti, workloadActionCti, workloadTypeCti } from '../../codec/app-ctis.ts';
import { isAppCode, parseCti } from '../../codec/cti.ts';
import type { FakeApp, Severity } from '../options.ts';
import type { Tenants } from './tenants.ts';

/** An app with its registered types, and where it is enabled. */
export class App {
  readonly code: string;
  readonly clientId: string;
  /** May be changed: the old one is dead at once, as when a new key is made in the Vendor Portal. */
  clientSecret: string;
  readonly tenantId: string | undefined;
  readonly tenantStructure: boolean;
  readonly alertTypes: ReadonlyMap<string, Severity>;
  readonly categories: ReadonlySet<string>;
  readonly workloadTypes: ReadonlyMap<string, ValidateFunction>;
  readonly actions: ReadonlySet<string>;
  /** Undefined: everywhere. */
  #enabled: Set<string> | undefined;

  /** @throws RangeError for codes that the grammar of identifiers does not know, Error for schemas that are none */
  constructor(wish: FakeApp) {
    if (!isAppCode(wish.code)) throw new RangeError(`${wish.code} is no CyberApp code`);
    const { code } = wish;
    this.code = code;
    this.clientId = wish.clientId;
    this.clientSecret = wish.clientSecret;
    this.tenantId = wish.tenantId;
    this.tenantStructure = wish.tenantStructure ?? true;
    this.alertTypes = new Map((wish.alertTypes ?? []).map((one) => alertTypeOf(code, one)));
    this.categories = new Set((wish.categories ?? []).map((one) => whole(one, (short) => alertCategoryCti(code, short))));
    this.actions = new Set((wish.actions ?? []).map((one) => whole(one, (short) => workloadActionCti(code, short))));
    this.workloadTypes = workloadTypesOf(wish);
    this.#enabled = wish.enabledFor === undefined ? undefined : new Set(wish.enabledFor.map((id) => id.toLowerCase()));
  }

  /** Tenants named here and all below them may be acted on. The first call ends "everywhere". */
  enable(tenantId: string): void {
    this.#enabled ??= new Set();
    this.#enabled.add(tenantId.toLowerCase());
  }

  disable(tenantId: string): void {
    this.#enabled ??= new Set();
    this.#enabled.delete(tenantId.toLowerCase());
  }

  isEnabledFor(tenantId: string, tenants: Tenants): boolean {
    const enabled = this.#enabled;
    return enabled === undefined || tenants.lineage(tenantId).some((id) => enabled.has(id));
  }
}

function alertTypeOf(app: string, one: NonNullable<FakeApp['alertTypes']>[number]): readonly [string, Severity] {
  const { code, severity = 'error' } = typeof one === 'string' ? { code: one } : one;
  return [whole(code, (short) => alertTypeCti(app, short)), severity];
}

function workloadTypesOf({ code, workloadTypes = [] }: FakeApp): ReadonlyMap<string, ValidateFunction> {
  // Schemas of the Vendor Portal are of draft 4; what they may hold means the same in later ones.
  const ajv = new Ajv({ strict: false });
  const compiled = new Map<string, ValidateFunction>();
  for (const one of workloadTypes) {
    const type = typeof one === 'string' ? { code: one } : one;
    const { $schema: _draft, ...schema } = { type: 'object', ...type.schema } as Record<string, unknown>;
    compiled.set(
      whole(type.code, (short) => workloadTypeCti(code, short)),
      ajv.compile(schema),
    );
  }
  return compiled;
}

function whole(code: string, make: (short: string) => string): string {
  const cti = code.startsWith('cti.') ? code : make(code);
  if (parseCti(cti) === undefined) throw new RangeError(`${code} makes no identifier`);
  return cti;
}
