/** Makes the href of a resource from the parts of its path below `/api`. */
export type Href = (...parts: readonly string[]) => string;

/** The id of the Blank template and of other things that oVirt has and CloudStack has not. */
export const ZERO_ID = '00000000-0000-0000-0000-000000000000';

/** @param base path of the API without a slash at its end: `/ovirt-engine/api` */
export function hrefs(base: string): Href {
  return (...parts) => [base, ...parts.map((part) => encodeURIComponent(part.toWellFormed()))].join('/');
}
