/** Whether this is Node.js, or a runtime that has its modules; elsewhere calls go by `fetch`, and there are no files. */
export const onNode: boolean = typeof process === 'object' && typeof process.getBuiltinModule === 'function' && !!process.versions?.node;

/**
 * A module of Node, loaded when it is first needed. Nothing here imports one: so the package can be bundled for browsers and workers,
 * and a program that only imports it loads nothing more.
 */
export const builtin: typeof process.getBuiltinModule = ((name: string) => process.getBuiltinModule(name)) as never;
