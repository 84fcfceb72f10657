import { CscpError } from '@fairlead/cscp';
import { CliError } from '../../cli-errors.ts';

/** A command that cannot be written as CSCP was mistyped: `CLI_USAGE`. Any other failure stays as it is. */
export function asUsage(error: unknown): unknown {
  const isMistyped = error instanceof CscpError && (error.code === 'CSCP_BAD_NAME' || error.code === 'CSCP_BAD_VALUE');
  return isMistyped ? CliError('CLI_USAGE', { reason: error.message }, { cause: error }) : error;
}
