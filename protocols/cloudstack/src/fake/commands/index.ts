import type { CommandTable } from '../command.ts';
import { accountCommands } from './accounts.ts';
import { apiLimitCommands } from './api-limit.ts';
import { backupFrameworkCommands } from './backup-framework.ts';
import { backupCommands } from './backups.ts';
import { catalogueCommands } from './catalogue.ts';
import { checkpointCommands } from './checkpoints.ts';
import { imageTransferCommands } from './image-transfers.ts';
import { infrastructureCommands } from './infrastructure.ts';
import { networkCommands } from './networks.ts';
import { serverCommands } from './server.ts';
import { tagCommands } from './tags.ts';
import { vmChangeCommands } from './vm-change.ts';
import { vmDeployCommands } from './vm-deploy.ts';
import { vmPowerCommands } from './vm-power.ts';
import { vmCommands } from './vms.ts';
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
  ...networkCommands,
  ...serverCommands,
  ...tagCommands,
  ...vmCommands,
  ...vmChangeCommands,
  ...vmDeployCommands,
  ...vmPowerCommands,
  ...volumeCommands,
};
