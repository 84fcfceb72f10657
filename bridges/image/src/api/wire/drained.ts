import type { ServerResponse } from 'node:http';

/** Resolves when more may be written; rejects when the client has gone. */
export function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.reject(gone());
  if (!response.writableNeedDrain) return Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onDrain = () => {
    response.off('close', onClose);
    resolve();
  };
  const onClose = () => {
    response.off('drain', onDrain);
    reject(gone());
  };
  response.once('drain', onDrain);
  response.once('close', onClose);
  return promise;
}

function gone(): Error {
  return new Error('the client has gone');
}
