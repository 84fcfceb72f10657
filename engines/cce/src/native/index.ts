export { type NativeHandlerOptions, nativeHandlers } from './handlers.ts';
export { textOf } from './messages.ts';
export { shippedSchemas } from './shipped.ts';
