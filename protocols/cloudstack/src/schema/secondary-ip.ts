import { shape, text } from './shape.ts';

/** A further address of a network card. */
export const readSecondaryIp = shape('secondaryip', {
  id: text,
  ipaddress: text,
});
