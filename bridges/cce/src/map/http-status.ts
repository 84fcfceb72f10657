/** cce 5.5, where it is not the number itself. */
const BY_STATUS: ReadonlyMap<number, number> = new Map([
  [100, 200],
  [201, 200],
  [202, 202],
  [304, 403],
  [309, 401],
  [400, 503],
  [401, 401],
  [402, 400],
  [403, 400],
  [404, 200],
  [409, 200],
  [500, 500],
]);

const STRICT: ReadonlyMap<number, number> = new Map([
  [202, 200],
  [404, 404],
  [409, 409],
]);

/** The status of HTTP for the status of a body (cce 5.5). `strict`: `strict_http`. */
export function httpStatus(status: number, strict: boolean): number {
  const strictly = strict ? STRICT.get(status) : undefined;
  return strictly ?? BY_STATUS.get(status) ?? (status >= 300 ? 502 : 200);
}
