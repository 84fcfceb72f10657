/** The commands that the fake knows. */
export const KNOWN: readonly string[] =
  `addNicToVirtualMachine assignVirtualMachine assignVolume attachVolume createTags createVolume deleteTags deleteVolume
deployVirtualMachine destroyVirtualMachine detachVolume getUser getUserKeys listAccounts listApis listAsyncJobs listCapabilities listClusters listDiskOfferings
listDomains listEvents listHosts listNetworks listNics listOsTypes listPods listProjects listServiceOfferings listStoragePools listTags listTemplates listUsers
listVMSnapshot listVirtualMachines listVolumes listZones queryAsyncJobResult rebootVirtualMachine removeNicFromVirtualMachine resizeVolume startVirtualMachine
stopVirtualMachine updateVirtualMachine updateVolume`.split(/\s+/);

interface Api {
  readonly name: string;
  readonly isasync: boolean;
  readonly since: string | null;
  readonly params: ReadonlyArray<{ readonly name: string; readonly type: string; readonly required: boolean }>;
}

/** The table of `listApis`: one line an API, `name:type` of each parameter, `!` where it must be given. */
export function apiTable(recorded: unknown): string {
  const { api, userApis, domainAdminApis } = recorded as { api: Api[]; userApis: string[]; domainAdminApis: string[] };
  const lines = api
    .filter(({ name }) => KNOWN.includes(name))
    .map((item) => {
      const roles = `a${domainAdminApis.includes(item.name) ? 'd' : ''}${userApis.includes(item.name) ? 'u' : ''}`;
      const params = item.params.map((param) => `${param.name}:${param.type}${param.required ? '!' : ''}`).join(' ');
      return `  ${item.name}: { isAsync: ${item.isasync}, since: '${item.since ?? ''}', roles: '${roles}', params: '${params}' },`;
    });
  return [
    '/** `roles`: who is offered it: a root admin, d domain admin, u ordinary account. `params`: `name:type`, `!` where required. */',
    'export const API_TABLE: Readonly<Record<string, { isAsync: boolean; since: string; roles: string; params: string }>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}
