import type { Row } from '../json.ts';

/** A dedicated server with everything below its path. */
export interface Server {
  readonly server: Row;
  readonly serviceInfos: Row;
  readonly hardware: Row;
  readonly network: Row;
  readonly ips: string[];
  readonly nics: Map<string, Row>;
  readonly interfaces: Map<string, Row>;
  readonly tasks: Map<number, Row>;
  readonly interventions: Map<number, Row>;
  readonly options: Map<string, Row>;
  readonly vracks: string[];
}

export interface Vps {
  readonly vps: Row;
  readonly serviceInfos: Row;
  readonly ips: string[];
  readonly datacenter: Row;
  readonly image: Row;
  readonly disks: Map<number, Row>;
}

/** A public cloud project. */
export interface Project {
  readonly project: Row;
  readonly serviceInfos: Row;
  readonly regions: Map<string, Row>;
  readonly instances: Map<string, Row>;
  readonly flavors: Map<string, Row>;
  readonly images: Map<string, Row>;
  readonly volumes: Map<string, Row>;
  readonly sshKeys: Map<string, Row>;
}

export interface Domain {
  readonly domain: Row;
  readonly serviceInfos: Row;
  readonly zone: Row;
  readonly records: Map<number, Row>;
}

export interface Vrack {
  readonly vrack: Row;
  readonly serviceInfos: Row;
  readonly servers: string[];
}

/** Everything the API shows, by the ids of its paths. Tests may change it. */
export interface State {
  readonly account: Row;
  readonly servers: Map<string, Server>;
  readonly vps: Map<string, Vps>;
  readonly projects: Map<string, Project>;
  readonly domains: Map<string, Domain>;
  readonly ips: Map<string, Row>;
  readonly vracks: Map<string, Vrack>;
  readonly services: Map<number, Row>;
  readonly policies: Map<string, Row>;
}

/** How much there is of each kind. */
export interface Sizes {
  readonly servers: number;
  readonly vps: number;
  readonly projects: number;
  /** In each project. */
  readonly instances: number;
  readonly domains: number;
  /** Additional blocks; those are routed to servers in turn. */
  readonly ips: number;
  readonly vracks: number;
}
