import { CONTENT_TYPES, type Format, type ObjectOf, type TypeName, writeCollection, writeResource } from '@fairlead/ovirt/codec';
import type { Answer } from './route.ts';

/** An answer as it goes over the wire. */
export interface Sent {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** Writes an answer in the format that was negotiated. Throws `OVIRT_WIRE_UNWRITABLE` for a value that oVirt does not know. */
export function toSent(answer: Answer, format: Format): Sent {
  if ('raw' in answer)
    return { status: answer.status, contentType: answer.raw.contentType, body: answer.raw.body, headers: answer.raw.headers ?? {} };
  const body =
    'objects' in answer
      ? writeCollection(answer.type, answer.objects as readonly ObjectOf<TypeName>[], format)
      : writeResource(answer.type, answer.object as ObjectOf<TypeName>, format);
  return { status: answer.status, contentType: CONTENT_TYPES[format], body, headers: {} };
}
