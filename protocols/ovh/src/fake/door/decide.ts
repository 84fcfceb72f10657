import type { Credential, Vault } from '../access/vault.ts';

export type Decision = 'validate' | 'refuse' | 'expire';

/** What the person does with a credential. False when its state allows that no more. */
export function decide(vault: Vault, credential: Credential, decision: Decision): boolean {
  const status = vault.statusOf(credential);
  if (decision === 'expire') {
    if (status === 'refused') return false;
    credential.status = 'expired';
    return true;
  }
  if (status !== 'pendingValidation') return false;
  credential.status = decision === 'validate' ? 'validated' : 'refused';
  return true;
}
