import type { Cloud } from './cloud.ts';

/** Global settings that decide which commands there are. */
export interface Features {
  /** `expose.kvm.backup.export.service.apis`. */
  exportApis: boolean;
  /** `backup.framework.enabled`. */
  backupFramework: boolean;
}

/** The backup export API, which does not depend on the framework (fact 32 of the recordings). */
const EXPORT_APIS: ReadonlySet<string> = new Set([
  'createImageTransfer',
  'deleteVirtualMachineCheckpoint',
  'finalizeBackup',
  'finalizeImageTransfer',
  'listImageTransfers',
  'listVirtualMachineCheckpoints',
  'startBackup',
]);

/** Whether the server registers this command at all. */
export function isRegistered({ features }: Pick<Cloud, 'features'>, command: string): boolean {
  if (EXPORT_APIS.has(command)) return features.exportApis;
  return features.backupFramework || !/backup/i.test(command);
}
