import type { Answer } from '../../map/answer.ts';
import { schemaVersion } from '../../map/schema-description.ts';
import { CSCP_VERSION } from '../../version.ts';
import { type Call, requireIdentity } from './call.ts';

/** PING (cce 6.1): nobody behind us is asked. */
export const PONG: Answer = { status: 202, message: 'PONG' };

/** VERSION (cce 6.16). */
export async function answerVersion(call: Call): Promise<Answer> {
  await requireIdentity(call);
  const { version, backend } = call.parts;
  return { status: 201, message: 'OK', data: { version, cscp: CSCP_VERSION, schema: schemaVersion(backend.schema) } };
}
