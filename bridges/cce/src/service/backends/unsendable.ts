import { CscpError } from '@fairlead/cscp';
import { formatRequest, type Operation, type Reply, type ReplyLine } from '@fairlead/cscp/codec';

const UNKNOWN_ATTRIBUTE = '[[base-cce.unknownAttr]]';

/** Whether a command was kept back because it cannot be written as CSCP. */
export function isUnsendable(error: unknown): error is CscpError {
  return error instanceof CscpError && !error.sent && ['CSCP_BAD_NAME', 'CSCP_BAD_VALUE', 'CSCP_TOO_LARGE'].includes(error.code);
}

/**
 * What an engine answers to a command that cannot be sent, because a name in it is no possible name: the same as to a name that it does not know.
 * Undefined for a command that can be sent.
 */
export function refusalOf(operation: Operation, maxBytes: number): Reply | undefined {
  try {
    return formatRequest(operation).length > maxBytes ? badCommand('LINE TOO LONG') : undefined;
  } catch (error) {
    if (!isUnsendable(error)) throw error;
    return error.code === 'CSCP_BAD_NAME' ? replyToBadName(operation, error) : badCommand('COMMAND PARSE ERROR');
  }
}

function replyToBadName(operation: Operation, { part, badName = '' }: CscpError): Reply {
  switch (part) {
    case 'class':
      return failed({ code: 301, class: badName });
    case 'namespace':
      return failed({ code: 303, namespace: badName });
    case 'key':
      return failed({ code: 302, oid: operation.verb === 'SET' ? operation.oid : '0', key: badName, message: UNKNOWN_ATTRIBUTE });
    case 'qualified key':
      // No object has such a property; a sort by one is a wrong parameter.
      return operation.verb === 'FIND' && operation.sort?.property !== badName ? { lines: [], end: 201 } : { lines: [], end: 403 };
    case 'action':
      return { lines: [], end: operation.verb === 'ADMIN' ? 401 : 403 };
    default:
      return { lines: [], end: 403 };
  }
}

function failed(line: ReplyLine): Reply {
  return { lines: [line], end: 401 };
}

function badCommand(text: string): Reply {
  return { lines: [{ code: 306, text }], end: 402 };
}
