import type { Operation } from '@fairlead/cscp/codec';

/** A command as the text of its row. */
export function encodeOperation(operation: Operation): string {
  return JSON.stringify('values' in operation ? { ...operation, values: [...operation.values] } : operation);
}

export function decodeOperation(text: string): Operation {
  const plain = JSON.parse(text) as { readonly values?: readonly (readonly [string, string])[] };
  return (plain.values === undefined ? plain : { ...plain, values: new Map(plain.values) }) as Operation;
}
