import { systemClock } from '@fairlead/kernel/clock';
import type { LoadedConfig } from '@fairlead/kernel/config';
import { countDigests, countSealed, firstUseOf, gatewaysAlive, type LiveGateway, type Secrets } from '@fairlead/kernel/secrets';
import { digestColumns, sealedColumns } from '../../compose/maintenance.ts';
import { openForLooking, serverSecrets } from '../../compose/state.ts';

/** How the server secrets are used at this moment. */
export interface SecretUsage {
  readonly secrets: Secrets;
  /** Sealed rows by key id. */
  readonly sealed: ReadonlyMap<string, number>;
  /** When the current secret was first used; undefined for never. */
  readonly sinceMs: number | undefined;
  /** Sessions and tickets that began before. */
  readonly digestsBefore: number;
  readonly gateways: readonly LiveGateway[];
}

/** Reads it from the store; a store that was never used holds nothing. Throws `FAIRLEAD_STORE`, `CLI_STORE_OTHER_VERSION`. */
export async function readUsage(config: LoadedConfig): Promise<SecretUsage> {
  const secrets = serverSecrets(config);
  await using store = await openForLooking(config);
  if (store === undefined) return { secrets, sealed: new Map(), sinceMs: undefined, digestsBefore: 0, gateways: [] };
  const sinceMs = await firstUseOf(store, secrets.keyId);
  return {
    secrets,
    sealed: await countSealed(store, sealedColumns),
    sinceMs,
    digestsBefore: await countDigests(store, digestColumns, sinceMs ?? systemClock.now()),
    gateways: await gatewaysAlive(store),
  };
}

/** Why the secrets beside the current one are still needed; nothing when they are not. */
export function reasonsToKeep({ secrets, sealed, sinceMs, digestsBefore, gateways }: SecretUsage): readonly string[] {
  const others = secrets.keyIds.filter((id) => id !== secrets.keyId);
  const rows = others.reduce((sum, id) => sum + (sealed.get(id) ?? 0), 0);
  const users = gateways.filter((one) => others.includes(one.keyId)).map((one) => one.name);
  if (others.length === 0) return [];
  return [
    ...(sinceMs === undefined ? ['no gateway was started with the current secret yet'] : []),
    ...(rows > 0 ? [`${rows} sealed rows are not sealed anew yet; a running gateway does it`] : []),
    ...(digestsBefore > 0 ? [`${digestsBefore} sessions and tickets began before the change; they end by themselves`] : []),
    ...users.map((name) => `the gateway ${name} still uses it`),
  ];
}
