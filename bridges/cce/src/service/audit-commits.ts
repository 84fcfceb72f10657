import { canonicalText, type Operation } from '@fairlead/cscp/codec';
import type { CommitRecord, CommittedChange } from '@fairlead/engine-cce';
import type { Audit } from '@fairlead/kernel/audit';

/** One record for each object of a commit (cce 10): who changed which keys of what, values of secrets masked. Never rejects. */
export async function auditCommit(audit: Audit, commit: CommitRecord): Promise<void> {
  for (const change of commit.changes) {
    await audit.record({
      face: 'cce',
      actor: commit.callerName === '' ? '-' : commit.callerName,
      action: `object.${change.kind}`,
      object: change.oid,
      outcome: 'ok',
      address: commit.peer === '' ? undefined : commit.peer,
      detail: { class: change.class, transaction: commit.transaction, changed: changedText(change) },
    });
  }
}

/** As the commands that would do the same. */
function changedText({ oid, values }: CommittedChange): string {
  const commands = [...values].map(([namespace, pairs]): Operation => ({ verb: 'SET', oid, namespace, values: pairs }));
  return commands.map((command) => canonicalText(command, { mask: true })).join('; ');
}
