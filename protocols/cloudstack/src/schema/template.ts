import { flag, number, required, shape, text } from './shape.ts';

/** A template. Sizes in bytes. */
export const readTemplate = shape('template', {
  id: required(text),
  name: required(text),
  displaytext: text,
  format: text,
  hypervisor: text,
  isready: flag,
  ispublic: flag,
  isfeatured: flag,
  status: text,
  size: number,
  physicalsize: number,
  ostypeid: text,
  ostypename: text,
  account: text,
  domainid: text,
  domain: text,
  zoneid: text,
  zonename: text,
  templatetype: text,
  arch: text,
  created: text,
});
/** A template. Sizes in bytes. */
export type Template = ReturnType<typeof readTemplate>;
