import { required, shape, text } from './shape.ts';

/** A resource tag. */
export const readTag = shape('tag', {
  key: required(text),
  value: text,
  resourcetype: text,
  resourceid: text,
  account: text,
  domainid: text,
  domain: text,
  projectid: text,
  project: text,
});
/** A resource tag. */
export type Tag = ReturnType<typeof readTag>;
