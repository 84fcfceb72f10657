/** The directory of the schemas that we ship (cce 14) and of `handlers.conf`, which binds our own handlers to them. The engine reads no file: the bridge does. */
export const shippedSchemas: URL = new URL('../../schemas/', import.meta.url);
