import { required, shape, text } from './shape.ts';

/** A project. */
export const readProject = shape('project', {
  id: required(text),
  name: required(text),
  displaytext: text,
  domainid: text,
  domain: text,
  state: text,
});
/** A project. */
export type Project = ReturnType<typeof readProject>;
