import type { CommandTable } from '../command.ts';
import { accountCommands } from './accounts.ts';
import { apiLimitCommands } from './api-limit.ts';
import { backupFrameworkCommands } from './backup-framework.ts';
import { backupCommands } from './backups.ts';
import { catalogueCommands } from './catalogue.ts';
import { checkpointCommands } from './checkpoints.ts';
import { imageTransferCommands } from './image-transfers.ts';
import { importCommands } from './imports.ts';
import { infrastructureCommands } from './infrastructure.ts';
import { limitCommands } from './limits.ts';
import { metricsCommands } from './metrics.ts';
import { networkCommands } from './networks.ts';
import { nicChangeCommands } from './nic-changes.ts';
import { platformCommands } from './platform.ts';
import { serverCommands } from './server.ts';
import { snapshotCommands } from './snapshots.ts';
import { tagCommands } from './tags.ts';
import { userChangeCommands } from './user-changes.ts';
import { userKeyCommands } from './user-keys.ts';
import { vmChangeCommands } from './vm-change.ts';
import { vmDeployCommands } from './vm-deploy.ts';
import { vmLifecycleCommands } from './vm-lifecycle.ts';
import { vmPowerCommands } from './vm-power.ts';
import { vmSnapshotCommands } from './vm-snapshots.ts';
import { vmCommands } from './vms.ts';
import { volumeTrashCommands } from './volume-trash.ts';
import { volumeCommands } from './volumes.ts';

/** Every command that the fake knows, by its exact name. */
export const COMMANDS: CommandTable = {
  ...accountCommands,
  ...apiLimitCommands,
  ...backupCommands,
  ...backupFrameworkCommands,
  ...catalogueCommands,
  ...checkpointCommands,
  ...imageTransferCommands,
  ...infrastructureCommands,
  ...limitCommands,
  ...networkCommands,
  ...serverCommands,
  ...tagCommands,
  ...userChangeCommands,
  ...userKeyCommands,
  ...vmCommands,
  ...vmChangeCommands,
  ...vmDeployCommands,
  ...vmPowerCommands,
  ...volumeCommands,
  ...volumeTrashCommands,
  ...vmSnapshotCommands,
  ...vmLifecycleCommands,
  ...snapshotCommands,
  ...platformCommands,
  ...nicChangeCommands,
  ...metricsCommands,
  ...importCommands,
};
