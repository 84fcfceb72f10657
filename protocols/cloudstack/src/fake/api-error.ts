/** A refusal as the server words it: HTTP status and `errorcode` are the same number. */
export class ApiError extends Error {
  readonly errorcode: number;
  readonly cserrorcode: number | undefined;
  /** Another name than `<command>response`. */
  readonly envelope: string | undefined;

  constructor(errorcode: number, cserrorcode: number | undefined, errortext: string, envelope?: string) {
    super(errortext);
    this.errorcode = errorcode;
    this.cserrorcode = cserrorcode;
    this.envelope = envelope;
  }
}

/** `ServerApiException`: the text is shown to everybody. */
export function serverApi(errorcode: number, errortext: string, envelope?: string): ApiError {
  return new ApiError(errorcode, 9999, errortext, envelope);
}

/** `InvalidParameterValueException`. */
export function invalid(errortext: string): ApiError {
  return new ApiError(431, 4350, errortext);
}

/** `PermissionDeniedException`. */
export function denied(errortext = 'Caller does not have permission to operate with provided resource.'): ApiError {
  return new ApiError(531, 4365, errortext);
}

/** `CloudRuntimeException`: masked for everybody but root admins, except in jobs. */
export function runtime(errortext: string): ApiError {
  return new ApiError(530, 4250, errortext);
}

/** Authentication errors carry no `cserrorcode`. */
export function unauthenticated(errortext: string, envelope?: string): ApiError {
  return new ApiError(401, undefined, errortext, envelope);
}

/** The text of 530 that all but root admins see. */
export const MASKED = 'Internal error executing command, please contact your system administrator';
export const BAD_SIGNATURE = 'unable to verify user credentials and/or request signature';
export const BAD_SESSION = 'unable to verify user credentials';

/** An id that names nothing. */
export function badValue(command: string, name: string, value: string): ApiError {
  const text =
    `Unable to execute API command ${command.toLowerCase()} due to invalid value. Invalid parameter ${name} value=${value} due to incorrect ` +
    'long value format, or entity does not exist or due to incorrect parameter annotation for the field in api cmd class.';
  return serverApi(431, text);
}
