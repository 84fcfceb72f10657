import { flag, number, required, shape, text } from './shape.ts';

/** A domain; `path` begins with `ROOT`. */
export const readDomain = shape('domain', {
  id: required(text),
  name: required(text),
  level: number,
  parentdomainid: text,
  parentdomainname: text,
  path: text,
  state: text,
  haschild: flag,
});
/** A domain; `path` begins with `ROOT`. */
export type Domain = ReturnType<typeof readDomain>;
