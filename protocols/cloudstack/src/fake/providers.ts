import { runtime } from './api-error.ts';
import type { Cloud } from './cloud.ts';

/** `backup.framework.provider.plugin` of the zone. */
export const PROVIDER_SETTING = 'backup.framework.provider.plugin';

const ACCEPTED = ['veeam', 'dummy'];

/**
 * With the backup framework on, the zone's provider must be one that leaves the hosts alone (fact 32 of the recordings).
 * @throws ApiError 530
 */
export function requireProvider({ features, zone }: Pick<Cloud, 'features' | 'zone'>): void {
  const provider = zone.details[PROVIDER_SETTING] ?? 'dummy';
  if (!features.backupFramework || ACCEPTED.includes(provider)) return;
  throw runtime(
    `Veeam-KVM backups are disabled because the CloudStack Zone is configured to use the "${provider}" backup provider. ` +
      `Acceptable "${PROVIDER_SETTING}" values are [${ACCEPTED.join(', ')}].`,
  );
}
