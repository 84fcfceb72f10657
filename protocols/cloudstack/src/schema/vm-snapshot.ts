import { flag, required, shape, text } from './shape.ts';

/** A snapshot of a whole instance. */
export const readVmSnapshot = shape('vmsnapshot', {
  id: required(text),
  name: text,
  displayname: text,
  description: text,
  state: text,
  type: text,
  created: text,
  current: flag,
  parent: text,
  virtualmachineid: text,
  zoneid: text,
  account: text,
  domainid: text,
  projectid: text,
});
/** A snapshot of a whole instance. */
export type VmSnapshot = ReturnType<typeof readVmSnapshot>;
