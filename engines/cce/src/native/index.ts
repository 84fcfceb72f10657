export { shippedSchemas } from './shipped.ts';
