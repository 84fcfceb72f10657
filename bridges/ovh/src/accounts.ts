import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '@fairlead/kernel/config';
import type { ClientOptions } from '@fairlead/ovh';
import type { RecordKind } from '@fairlead/ovh/inventory';
import { type OvhSettings, sections } from './config.ts';
import { OvhBridgeError } from './errors.ts';

/** An account of the configuration, and how its client is made. */
export interface OvhAccount {
  /** As in `[ovh <account>]`, or `default`. */
  readonly name: string;
  /** Hermetic (ovh 11.1): no variable and no file but `[ovh] conf_file` steers a client that is made with them. */
  readonly options: ClientOptions;
  readonly kinds: readonly RecordKind[];
}

type AccountSettings = OvhSettings['ovh_account'][string];

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const CREDENTIALS = ['application_key', 'application_secret', 'consumer_key', 'client_id', 'client_secret', 'access_token'] as const;
const ALL_KINDS: readonly RecordKind[] = ['baremetal', 'vps', 'cloud-instance', 'domain', 'ip'];

/**
 * The accounts of a configuration, none where the bridge is off. Nothing is read but the files of `ca_file`.
 * Throws `OVH_BRIDGE_NO_ACCOUNT`, `OVH_BRIDGE_ACCOUNT` and `OVH_BRIDGE_ACCOUNT_NAME`.
 */
export function ovhAccounts(config: Pick<LoadedConfig, 'on' | 'values'>): readonly OvhAccount[] {
  return config.on(sections) ? accountsOf(config.values(...sections)) : [];
}

/** The same from values of the sections. */
export function accountsOf({ ovh, ovh_account: named }: OvhSettings): readonly OvhAccount[] {
  const accounts = Object.entries(named);
  if (accounts.length > 0) return accounts.map(([name, account]) => accountOf(name, account, ovh.conf_file));
  if (ovh.conf_file === undefined) throw OvhBridgeError('OVH_BRIDGE_NO_ACCOUNT');
  return [{ name: 'default', options: { env: false, files: [ovh.conf_file] }, kinds: ALL_KINDS }];
}

function accountOf(name: string, account: AccountSettings, confFile: string | undefined): OvhAccount {
  if (!NAME.test(name)) throw OvhBridgeError('OVH_BRIDGE_ACCOUNT_NAME', { account: name });
  const files = confFile === undefined ? (false as const) : [confFile];
  const base = { env: false as const, files, proxy: account.proxy ?? (false as const), ...tlsOf(name, account.ca_file) };
  const kinds = account.kinds as readonly RecordKind[];
  if (account.profile === undefined) return { name, kinds, options: { ...base, ...credentialsOf(account), profile: 'default' } };
  const also = CREDENTIALS.find((key) => account[key] !== undefined);
  if (also !== undefined) throw unusable(name, `it has profile and ${also}; the profile brings its own keys`);
  if (confFile === undefined) throw unusable(name, 'profile names a profile of [ovh] conf_file, which is not set');
  const { profile, endpoint } = account;
  return { name, kinds, options: { ...base, profile, ...(endpoint !== undefined && { endpoint }) } };
}

function credentialsOf(account: AccountSettings): ClientOptions {
  return {
    endpoint: account.endpoint,
    applicationKey: account.application_key,
    applicationSecret: account.application_secret,
    consumerKey: account.consumer_key,
    clientId: account.client_id,
    clientSecret: account.client_secret,
    accessToken: account.access_token,
  };
}

function tlsOf(name: string, file: string | undefined): Pick<ClientOptions, 'tls'> {
  if (file === undefined) return {};
  try {
    return { tls: { ca: readFileSync(file, 'utf8') } };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw unusable(name, `ca_file ${file} cannot be read (${code})`);
  }
}

/** What keeps an account from being used. */
export function unusable(account: string, reason: string) {
  return OvhBridgeError('OVH_BRIDGE_ACCOUNT', { account, reason });
}
