import { defineErrors } from '@fairlead/kernel/errors';

/** What the CCE bridge can meet; the texts of the JSON face are exact (cce 5.6). */
export const CceError = defineErrors({
  CCE_LOGIN_FAILED: {
    status: 401,
    blame: 'caller',
    text: 'Login failed',
    help: 'The session has ended, or user name or password are wrong: log in again.',
  },
  CCE_BACKEND_UNREACHABLE: {
    status: 502,
    blame: 'upstream',
    text: 'CCE backend error: {reason}',
    help: 'Check that cced runs and that `[cce] unix_socket_path` names its socket. A write that was under way may have been carried out.',
  },
  CCE_BACKEND_TIMEOUT: {
    status: 504,
    blame: 'upstream',
    text: 'CCE backend timeout',
    help: 'A handler may take longer than `[cce] socket_read_timeout`; the write may still be carried out.',
  },
  CCE_DRYRUN_UNSUPPORTED: {
    status: 501,
    blame: 'caller',
    text: 'The CCE backend knows no dry run',
    help: 'A real cced carries out whatever it accepts; use `[cce] backend = embedded`, or a transaction that is not committed.',
  },
  CCE_SOCKET_PATH: {
    status: 500,
    blame: 'caller',
    text: 'Cannot serve CSCP on {path}: {reason}',
    help: 'See `[cce] serve_socket` and `admin_socket`.',
  },
  CCE_BODY_INVALID: {
    status: 400,
    blame: 'caller',
    text: 'Invalid request body',
    help: 'Send one JSON object, nested at most 16 deep, with nothing behind it.',
  },
  CCE_COMMAND_MISSING: { status: 400, blame: 'caller', text: 'Missing command', help: 'Give the command as `cmd`.' },
  CCE_COMMAND_ERRORS: {
    status: 400,
    blame: 'caller',
    text: 'Invalid command: ERRORS is not supported',
    help: 'Errors stand in `data.errors` of the answer to the command that met them.',
  },
  CCE_LINE_BREAK: {
    status: 400,
    blame: 'caller',
    text: 'Invalid command: line breaks are not allowed',
    help: 'One request carries one command; a line break inside of a value stands between quotes.',
  },
  CCE_VALUE_INVALID: {
    status: 400,
    blame: 'caller',
    text: "Invalid value for '{field}'",
    help: 'A value is a string, a number, a truth value or a list of such; it holds no NUL.',
  },
  CCE_FORBIDDEN: {
    status: 403,
    blame: 'caller',
    text: 'Forbidden',
    help: 'The address is not in `api_access`, or the secret that was shown is limited to other commands or classes.',
  },
  CCE_NO_TRANSACTION: { status: 400, blame: 'caller', text: 'No active transaction', help: 'Send BEGIN first, with the same session.' },
  CCE_QUEUE_FULL: {
    status: 409,
    blame: 'caller',
    text: 'Transaction queue full',
    help: 'A transaction holds 1000 commands or 4 MiB: commit it in parts.',
  },
  CCE_NOT_QUEUEABLE: {
    status: 400,
    blame: 'caller',
    text: 'Not possible inside a transaction: {what}',
    help: 'Send the command before BEGIN or after COMMIT, or without the named field.',
  },
  CCE_KEY_REUSED: {
    status: 409,
    blame: 'caller',
    text: 'Idempotency key used before with another request',
    help: 'Take a new key for each thing that is to be made.',
  },
  CCE_BODY_TOO_LARGE: {
    status: 413,
    blame: 'caller',
    text: 'Request body too large',
    help: 'A body has at most `[cce] max_body` bytes; larger values pass over CSCP only.',
  },
  CCE_METHOD_NOT_ALLOWED: { status: 405, blame: 'caller', text: 'Method not allowed', help: 'Use a method of the Allow header.' },
  CCE_PATH_NOT_FOUND: { status: 404, blame: 'caller', text: 'Not found', help: 'Commands are sent to `POST /v2/cce`.' },
});
