import { createHash } from 'node:crypto';
import { canonicalText, type Operation } from '@fairlead/cscp/codec';
import { CceError } from '../../errors.ts';
import type { Answer } from '../../map/answer.ts';
import { formatJson } from '../../map/json.ts';
import { type Call, requireIdentity } from './call.ts';

interface Wish {
  readonly operation: Operation;
  readonly namespaces?: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * CREATE with `Idempotency-Key` (cce 12.6): the same request of the same user is carried out once, later ones get the first answer.
 * Throws `CCE_KEY_REUSED` for another request, `CCE_KEY_BUSY` while the first one is under way or nobody knows how it ended.
 */
export async function createOnce(call: Call, wish: Wish, create: () => Promise<Answer>): Promise<Answer> {
  const { idempotencyKey, parts, admission, request } = call;
  if (idempotencyKey === undefined || request.options.dryRun) return create();
  // What the first request was told is for its user alone.
  await requireIdentity(call);
  const id = createHash('sha256')
    .update(JSON.stringify([admission.identity.kind, admission.userName, idempotencyKey]))
    .digest('base64url');
  const claim = await parts.kept.claim(id, textOf(wish));
  if (claim.kind === 'answered') return JSON.parse(claim.answer) as Answer;
  if (claim.kind !== 'new') throw CceError(claim.kind === 'other' ? 'CCE_KEY_REUSED' : 'CCE_KEY_BUSY');
  const answer = await createOrRelease(call, id, create);
  if (answer.status === 201) await parts.kept.keep(id, formatJson({ ...answer }));
  else await parts.kept.release(id);
  return answer;
}

/** Credentials that do not hold and refusals have changed nothing; after a broken backend the key stays claimed. */
async function createOrRelease({ parts }: Call, id: string, create: () => Promise<Answer>): Promise<Answer> {
  try {
    return await create();
  } catch (error) {
    if (CceError.is(error, 'CCE_LOGIN_FAILED') || CceError.is(error, 'CCE_FORBIDDEN')) await parts.kept.release(id);
    throw error;
  }
}

function textOf({ operation, namespaces }: Wish): string {
  const deep = [...(namespaces ?? [])].map(([name, values]) => `${name}\n${canonicalText({ verb: 'CREATE', class: 'none', values })}`);
  return JSON.stringify([canonicalText(operation), ...deep]);
}
