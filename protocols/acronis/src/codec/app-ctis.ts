/** The identifiers that a CyberApp registers beside its callbacks (CyberApp 1.3). `app` is its code, `code` names one of the kind. */

export function endpointCti(app: string): string {
  return `cti.a.p.acgw.endpoint.v1.0~${app}.endpoint.v1.0`;
}

export function alertTypeCti(app: string, code: string): string {
  return `cti.a.p.am.alert.v1.0~a.p.basic.v1.0~${app}.${code}.v1.0`;
}

export function alertCategoryCti(app: string, code: string): string {
  return `cti.a.p.am.category.v1.0~${app}.${code}.v1.0`;
}

export function workloadTypeCti(app: string, code: string): string {
  return `cti.a.p.wm.workload.v1.0~a.p.wm.aspect.v1.0~${app}.${code}.v1.0`;
}

export function workloadActionCti(app: string, code: string): string {
  return `cti.a.ui.item.v1.0~a.ui.ext_p.workload_actions.action.v1.0~${app}.${code}.v1.0`;
}
