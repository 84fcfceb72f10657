import { flag, number, required, shape, text, textMap } from './shape.ts';

/** A compute offering. Memory in MiB, CPU speed in MHz; absent where the offering is customized. */
export const readServiceOffering = shape('serviceoffering', {
  id: required(text),
  name: required(text),
  displaytext: text,
  cpunumber: number,
  cpuspeed: number,
  memory: number,
  iscustomized: flag,
  iscustomizediops: flag,
  issystem: flag,
  state: text,
  storagetype: text,
  provisioningtype: text,
  zoneid: text,
  domainid: text,
  diskofferingid: text,
  rootdisksize: number,
  hosttags: text,
  storagetags: text,
  serviceofferingdetails: textMap,
  created: text,
});
/** A compute offering. Memory in MiB, CPU speed in MHz; absent where the offering is customized. */
export type ServiceOffering = ReturnType<typeof readServiceOffering>;
