import { createHash } from 'node:crypto';
import type { Schema } from '@fairlead/engine-cce';
import type { Answer } from '../../map/answer.ts';
import { type Call, requireIdentity } from './call.ts';

/** PING (cce 6.1): nobody behind us is asked. */
export const PONG: Answer = { status: 202, message: 'PONG' };

const CSCP_VERSION = '0.99';

/** VERSION (cce 6.16). */
export async function answerVersion(call: Call): Promise<Answer> {
  await requireIdentity(call);
  const { version, backend } = call.parts;
  return { status: 201, message: 'OK', data: { version, cscp: CSCP_VERSION, schema: schemaVersion(backend.schema) } };
}

/** Tells two schemas apart by the versions of their classes. */
function schemaVersion(schema: Schema): string {
  const hash = createHash('sha256');
  for (const one of [...schema.classes.values()].sort((a, b) => Number(a.name > b.name) - Number(a.name < b.name))) {
    for (const { name, version, properties } of one.namespaces.values())
      hash.update(`${one.name}.${name} ${version} ${[...properties.keys()].join(' ')}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}
