import type { BackupMessage } from '../../schema.ts';
import type { Agent } from './agent.ts';

/** Ends a backup: transfers that still read from it are cancelled first. Ending an ended one changes nothing. */
export async function finalizeBackup(agent: Pick<Agent, 'backups' | 'transfers'>, backupId: string): Promise<BackupMessage> {
  await agent.backups.get(backupId);
  for (const transferId of await agent.transfers.openOf(backupId)) await agent.transfers.cancel(transferId);
  return agent.backups.finalize(backupId);
}
