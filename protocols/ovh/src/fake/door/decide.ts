import type { Credential, Vault } from '../access/vault.ts';

export type Decision = 'validate' | 'refuse' | 'expire';

/**
 * What the person does with a credential. False when its state allows that no more.
 * @param lifetime seconds that it shall count; null: without end; absent: as the fake was told
 */
export function decide(vault: Vault, credential: Credential, decision: Decision, lifetime?: number | null): boolean {
  const status = vault.statusOf(credential);
  if (decision === 'expire') {
    if (status === 'refused') return false;
    credential.status = 'expired';
    return true;
  }
  if (status !== 'pendingValidation') return false;
  if (decision === 'validate') vault.validate(credential, lifetime);
  else credential.status = 'refused';
  return true;
}
