import { required, shape, text } from './shape.ts';

/** An entry of the event log. */
export const readCloudEvent = shape('event', {
  id: required(text),
  type: text,
  level: text,
  description: text,
  state: text,
  account: text,
  domainid: text,
  username: text,
  created: text,
  resourceid: text,
  resourcetype: text,
  resourcename: text,
  parentid: text,
});
/** An entry of the event log. */
export type CloudEvent = ReturnType<typeof readCloudEvent>;
