import { flag, required, shape, text, textMap } from './shape.ts';

/** A zone. */
export const readZone = shape('zone', {
  id: required(text),
  name: required(text),
  description: text,
  networktype: text,
  allocationstate: text,
  securitygroupsenabled: flag,
  localstorageenabled: flag,
  type: text,
  dns1: text,
  internaldns1: text,
  resourcedetails: textMap,
});
/** A zone. */
export type Zone = ReturnType<typeof readZone>;
