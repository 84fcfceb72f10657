/** A status that a client has reported (CyberApp 6.1). */
export interface StatusReport {
  readonly at: number;
  readonly app: string;
  readonly tenantId: string | undefined;
  readonly body: unknown;
}
