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
});
