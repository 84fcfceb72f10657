/** Payloads that come in, after `payloadProblem` found nothing wrong with them. Members as on the wire. */
export interface RequestPayloads {
  readonly 'enablement.write': { readonly vendor_tenant_id: string; readonly acronis_tenant_id: string };
  readonly 'tenant_mapping.write': {
    readonly modified: readonly { readonly vendor_tenant_id: string; readonly acronis_tenant_id?: string | null }[];
  };
  readonly 'partner.mirroring.enable': MirroredTenant;
  readonly 'customer.mirroring.set_state': {
    readonly partner_tenant_id: string;
    readonly partner_tenant_name: string;
    readonly enabled?: readonly MirroredTenant[];
    readonly disabled?: readonly { readonly acronis_tenant_id: string }[];
  };
  /** Both only where the app version declares them. */
  readonly users_read: { readonly limit?: number; readonly offset?: number };
  readonly user_write: { readonly login: string; readonly name: string; readonly email: string };
  readonly user_update: UserItem;
  readonly user_delete: { readonly id: string };
  readonly reset_password: { readonly id: string };
}

/** Payloads of successes. */
export interface ResponsePayloads {
  readonly 'enablement.read': { readonly vendor_tenant_id: string; readonly acronis_tenant_id?: string };
  readonly 'topology.read': {
    readonly items: readonly { readonly id: string; readonly name: string }[];
    readonly paging?: OffsetPaging;
  };
  readonly 'tenant_mapping.read': {
    readonly items: readonly { readonly vendor_tenant_id: string; readonly acronis_tenant_id?: string }[];
  };
  readonly 'partner.mirroring.get_state': { readonly state: 'ENABLED' | 'DISABLED' };
  readonly 'partner.mirroring.enable': {
    readonly state: 'ENABLED';
    readonly vendor_tenant_id: string;
    readonly acronis_tenant_id: string;
  };
  readonly 'customer.mirroring.get_state': readonly {
    readonly vendor_tenant_id: string;
    readonly acronis_tenant_id: string;
    readonly settings?: Readonly<Record<string, unknown>>;
  }[];
  readonly users_read: { readonly items: readonly UserItem[]; readonly paging?: OffsetPaging };
  readonly inventory_read: {
    readonly items: readonly {
      readonly id: string;
      readonly name: string;
      readonly type: string;
      readonly state: string;
      readonly source: string;
    }[];
  };
  readonly connector_status_read: {
    readonly workloads: number;
    readonly alerts: number;
    readonly blocked: number;
    readonly last_run?: string;
    readonly last_error?: string;
  };
}

export interface UserItem {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Of a declared error. */
export interface ErrorPayload {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

interface OffsetPaging {
  readonly offset: number;
  readonly limit: number;
  readonly total_count: number;
}

interface MirroredTenant {
  readonly acronis_tenant_id: string;
  readonly acronis_tenant_name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}
