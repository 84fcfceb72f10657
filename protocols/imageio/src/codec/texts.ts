/** Fixed texts of the data API, word for word as the real daemon answers (imageio 2.3 to 2.11): tools match on them. */
export const texts = {
  ticketIdRequired: 'Ticket id is required',
  serverFailed: 'Server failed to perform the request, check logs',
  noSpaceLeft: 'No space left on device',
  dirtyNotInTicket: 'Ticket does not support dirty extents',
  noHandler: (path: string) => `No handler for '${path}'`,
  invalidMethod: (method: string) => `Invalid method '${method}'`,
  methodNotDefined: (method: string, path: string) => `Method '${method}' not defined for '${path}'`,
  dirtyNotInExport: (exportName: string) => `Operation not supported: NBD export '${exportName}' does not support dirty extents`,
  bodyCut: (expected: number, actual: number) => `Requested ${expected} bytes, available ${actual} bytes`,
  forbidden: (why: string) => `You are not allowed to access this resource: ${why}`,
  noSuchTicket: (id: string) => `No such ticket ${id}`,
  expired: (transferId: string) => `Transfer=${transferId} expired`,
  canceled: (transferId: string) => `Transfer=${transferId} was canceled`,
  canceledDuring: (transferId: string) => `Transfer ${transferId} was canceled`,
  forbids: (transferId: string, operation: string) => `Transfer=${transferId} forbids ${operation}`,
} as const;
