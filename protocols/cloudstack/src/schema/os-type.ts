import { flag, required, shape, text } from './shape.ts';

/** A guest operating system. */
export const readOsType = shape('ostype', {
  id: required(text),
  description: required(text),
  name: text,
  oscategoryid: text,
  oscategoryname: text,
  isuserdefined: flag,
  fordisplay: flag,
});
/** A guest operating system. */
export type OsType = ReturnType<typeof readOsType>;
