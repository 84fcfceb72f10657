import { defineErrors, type ErrorDetail, type GatewayError } from '@fairlead/kernel/errors';

/**
 * What this package throws. `detail.reason` is the title that a Fault shows (oVirt 2.7), the public text its detail.
 * The codes from `OVIRT_WIRE_UNREACHABLE` on are thrown by the client alone.
 */
export const OvirtWireError = defineErrors({
  OVIRT_WIRE_BAD_XML: {
    status: 400,
    blame: 'caller',
    text: '{detail}',
    help: 'The body is not well-formed XML, has another root element than the call expects, or uses a DTD. Mend the program that sends it.',
  },
  OVIRT_WIRE_BAD_JSON: {
    status: 400,
    blame: 'caller',
    text: '{detail}',
    help: 'The body is not a JSON object. Mend the program that sends it.',
  },
  OVIRT_WIRE_BAD_VALUE: {
    status: 400,
    blame: 'caller',
    text: '{detail}',
    help: 'A field or parameter has a value that its type does not allow; the text names the field.',
  },
  OVIRT_WIRE_INCOMPLETE: {
    status: 400,
    blame: 'caller',
    text: '{detail}',
    help: 'The text names the fields that the call needs.',
  },
  OVIRT_WIRE_TOO_LARGE: {
    status: 413,
    blame: 'caller',
    text: '{detail}',
    help: 'The body is larger, or has more elements, than this face takes. Send less in one request.',
  },
  OVIRT_WIRE_TOO_DEEP: {
    status: 400,
    blame: 'caller',
    text: '{detail}',
    help: 'The body is nested deeper than any oVirt resource. Mend the program that sends it.',
  },
  OVIRT_WIRE_BAD_SEARCH: {
    status: 400,
    blame: 'caller',
    text: '{detail}',
    help: 'Search expressions are `field=value` and `field!=value` joined by `and` and `or`; the text says what was not understood.',
  },
  OVIRT_WIRE_BAD_OVF: {
    status: 400,
    blame: 'caller',
    text: '{detail}',
    help: 'The OVF document in `initialization.configuration.data` cannot be read. Restore with plain fields instead, or mend the document.',
  },
  OVIRT_WIRE_UNWRITABLE: {
    status: 500,
    blame: 'gateway',
    text: 'An answer could not be written.',
    help: 'A field had a value that the oVirt schema does not allow. The log names the field; please report it.',
  },
  OVIRT_WIRE_UNREACHABLE: {
    status: 503,
    blame: 'upstream',
    text: 'The oVirt API cannot be reached: {detail}',
    help: 'Check the address, the network and the certificate authority given to the client.',
  },
  OVIRT_WIRE_TIMEOUT: {
    status: 504,
    blame: 'upstream',
    text: 'The oVirt API did not answer within {seconds} seconds.',
    help: 'See whether the engine is up and not overloaded; raise the deadline of the call for very large lists.',
  },
  OVIRT_WIRE_ABORTED: {
    status: 499,
    blame: 'caller',
    text: 'The call was given up by its caller.',
    help: 'Nothing to do: the program that made the call ended it.',
  },
  OVIRT_WIRE_LOGIN_REFUSED: {
    status: 401,
    blame: 'caller',
    text: 'The oVirt API refused the login: {detail}',
    help: 'Check user name (`user@profile`) and password.',
  },
  OVIRT_WIRE_NOT_FOUND: {
    status: 404,
    blame: 'caller',
    text: '{reason}: {detail}',
    help: 'The object is gone or was never there; list the collection to see what is.',
  },
  OVIRT_WIRE_CONFLICT: {
    status: 409,
    blame: 'caller',
    text: '{reason}: {detail}',
    help: 'The state of the object does not allow this now; the text is what the engine says.',
  },
  OVIRT_WIRE_FAULT: {
    status: 502,
    blame: 'upstream',
    text: '{reason}: {detail}',
    help: 'The engine refused the call; the text is what it says, the status is in the detail.',
  },
  OVIRT_WIRE_BAD_ANSWER: {
    status: 502,
    blame: 'upstream',
    text: 'The oVirt API answered something that is not oVirt: {detail}',
    help: 'Check that the address leads to an oVirt API and not to a proxy or a login page.',
  },
});

/** Codes of the codec: what a request or a document can do wrong. */
export type CodecCode =
  | 'OVIRT_WIRE_BAD_XML'
  | 'OVIRT_WIRE_BAD_JSON'
  | 'OVIRT_WIRE_BAD_VALUE'
  | 'OVIRT_WIRE_INCOMPLETE'
  | 'OVIRT_WIRE_TOO_LARGE'
  | 'OVIRT_WIRE_TOO_DEEP'
  | 'OVIRT_WIRE_BAD_SEARCH'
  | 'OVIRT_WIRE_BAD_OVF'
  | 'OVIRT_WIRE_UNWRITABLE';

/** Titles of faults as the engine words them (oVirt 2.7). */
export const REASONS = {
  syntax: 'Request syntactically incorrect.',
  value: 'Invalid value',
  enumeration: 'Invalid enum value',
  incomplete: 'Incomplete parameters',
  failed: 'Operation Failed',
} as const;

/** An error of the codec; `detail` becomes the detail of the Fault, `reason` its title. */
export function codecError(
  code: CodecCode,
  reason: string,
  detail: string,
  more: { cause?: unknown; facts?: ErrorDetail } = {},
): GatewayError {
  const options = more.cause === undefined ? {} : { cause: more.cause };
  return OvirtWireError(code, { ...more.facts, reason, detail }, options);
}
