import type { OvhResponse, Pending } from './options.ts';

/** The body, and on demand everything around it. Who asks for the latter need not look after the former. */
export function pending<T>(full: Promise<OvhResponse<T>>): Pending<T> {
  const data = full.then((response) => response.data);
  return Object.assign(data, {
    withResponse: () => {
      data.catch(() => undefined);
      return full;
    },
  });
}
