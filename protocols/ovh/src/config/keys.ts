import type { AuthMethod } from './settings.ts';

/** The keys of credentials, as files spell them. */
export const CREDENTIAL_KEYS = [
  'application_key',
  'application_secret',
  'consumer_key',
  'client_id',
  'client_secret',
  'access_token',
] as const;

export type CredentialKey = (typeof CREDENTIAL_KEYS)[number];
export type CredentialMethod = Exclude<AuthMethod, 'none'>;

/** A key of the chain; headers are looked up apart. */
export type ConfigurationKey = CredentialKey | 'endpoint' | 'profile';

export const METHODS: readonly CredentialMethod[] = ['application', 'oauth2', 'token'];

const KEYS_OF: Readonly<Record<CredentialMethod, readonly CredentialKey[]>> = {
  application: ['application_key', 'application_secret', 'consumer_key'],
  oauth2: ['client_id', 'client_secret'],
  token: ['access_token'],
};

export function keysOf(method: CredentialMethod): readonly CredentialKey[] {
  return KEYS_OF[method];
}

export function methodOf(key: CredentialKey): CredentialMethod {
  if (key === 'access_token') return 'token';
  return key === 'client_id' || key === 'client_secret' ? 'oauth2' : 'application';
}
