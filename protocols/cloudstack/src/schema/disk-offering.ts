import { flag, number, required, shape, text } from './shape.ts';

/** A disk offering. `disksize` in GiB; 0 where it is customized. */
export const readDiskOffering = shape('diskoffering', {
  id: required(text),
  name: required(text),
  displaytext: text,
  disksize: number,
  iscustomized: flag,
  iscustomizediops: flag,
  state: text,
  storagetype: text,
  provisioningtype: text,
  zoneid: text,
  domainid: text,
  displayoffering: flag,
  encrypt: flag,
  disksizestrictness: flag,
  tags: text,
  created: text,
});
/** A disk offering. `disksize` in GiB; 0 where it is customized. */
export type DiskOffering = ReturnType<typeof readDiskOffering>;
