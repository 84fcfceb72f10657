export { type Access, type AccessOptions, type AccessTrouble, createAccess } from './access.ts';
export { type Expression, parseExpression, rulesOf } from './expression.ts';
export { functionOf, ruleOf } from './native-rules.ts';
export type { Caller, Target } from './subject.ts';
